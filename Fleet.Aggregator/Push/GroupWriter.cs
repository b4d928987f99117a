using Fleet.Aggregator.Catalogue;
using Fleet.Aggregator.Measurements;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Push;

/// <summary>
/// Writes a group of batches: one transaction for each call, durable when it returns, with their events and whatever else they say. A batch that
/// was accepted before is answered as it was then.
/// </summary>
/// <remarks>Safe for concurrent use; each call takes one connection of the pool.</remarks>
internal sealed class GroupWriter(PushWriter rows, CatalogueWriter catalogue)
{
    /// <returns>For each batch, in order, what became of it; null where its customer is deleted.</returns>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is lost by repeating.</exception>
    /// <exception cref="PostgresException">The database refuses what is to be written; so it would again.</exception>
    public async Task<IReadOnlyList<PushResult?>> WriteAsync(IReadOnlyList<PushTicket> batches, CancellationToken cancellationToken)
    {
        if (batches is [{ IsCatalogue: true } alone])
        {
            return [await catalogue.WriteAsync(alone, cancellationToken)];
        }

        var write = new GroupWrite(batches);
        await rows.WriteAsync(write.Posts, write.Replaces, new PushSteps(write.OpenAsync, write.CloseAsync), cancellationToken);
        return write.Results;
    }
}
