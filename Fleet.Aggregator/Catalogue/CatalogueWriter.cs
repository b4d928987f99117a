using Fleet.Aggregator.Measurements;
using Fleet.Aggregator.Push;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Catalogue;

/// <summary>
/// Writes a batch of sites or devices: one transaction for each call, durable when it returns, with its event. A device that is deleted goes with
/// all its measurements.
/// </summary>
internal sealed class CatalogueWriter(NpgsqlDataSource dataSource, ITimeSeries timeSeries, TimeProvider clock)
{
    /// <returns>What became of it; null where its customer is deleted.</returns>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is lost by repeating.</exception>
    public async Task<PushResult?> WriteAsync(PushTicket batch, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Whatever writes or rolls up this customer's measurements is through by then, or waits: one of its devices may be deleted.
            if (!await CustomerLock.TakeExclusiveAsync(connection, transaction, batch.CustomerId, cancellationToken))
            {
                return null;
            }

            if ((await AcceptedBatches.FindAsync(connection, transaction, [batch], cancellationToken)).TryGetValue(batch, out var known))
            {
                return known;
            }

            var result = await ApplyAsync(connection, transaction, batch, cancellationToken);
            var records = new PushRecords();
            records.Add(batch, result.Answer);
            await records.WriteAsync(connection, transaction, heartbeats: [], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception error) when (StoreErrors.IsUnavailable(error, connection) || error is PostgresException postgres && StoreErrors.IsCollision(postgres))
        {
            throw new StoreUnavailableException("The database is not available at the moment: " + error.GetBaseException().Message, error);
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<PushResult> ApplyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        PushTicket batch,
        CancellationToken cancellationToken
    )
    {
        if (batch.Batch.Sites is { } sites)
        {
            return await SiteChange.ApplyAsync(connection, transaction, batch.CustomerId, batch.Batch.Id, sites, cancellationToken);
        }

        var change = new DeviceChange(connection, transaction, batch.CustomerId, clock.GetUtcNow());
        var (result, deleted) = await change.ApplyAsync(batch.Batch.Id, batch.Batch.Devices!, cancellationToken);
        foreach (var device in deleted)
        {
            await timeSeries.ForgetDeviceAsync(connection, transaction, new DeviceKey(device, batch.CustomerId), cancellationToken);
        }

        return result;
    }
}
