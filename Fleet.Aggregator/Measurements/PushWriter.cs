using Npgsql;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// Writes measurements that stacks pushed: one transaction for each call, durable when it returns, of one batch or of several customers'
/// together. A row is inserted, or fills what the stored one lacks; where a call replaces, its values take the place of stored ones. Either way
/// repeating it, in whole or in part, is harmless.
/// </summary>
/// <remarks>Safe for concurrent use; each call takes one connection of the pool.</remarks>
internal sealed class PushWriter(
    NpgsqlDataSource dataSource,
    ITimeSeries timeSeries,
    WriterMetrics metrics,
    TimeProvider clock,
    ILogger<PushWriter> logger
)
{
    private readonly SeriesWriter writer = new(dataSource, timeSeries, metrics, clock, logger);

    /// <summary>Writes posts of one or several customers: all of them or nothing. Where two have the same device-instant the first wins.</summary>
    /// <param name="posts">With their <see cref="ReceivedPost.CustomerId"/>. Rows with a local time are refused here: a stack has resolved them.</param>
    /// <param name="replaces">True: stored values that differ give way to these; what was not pushed of a row stays.</param>
    /// <param name="steps">What else belongs into the transaction.</param>
    /// <returns>
    /// The set as it was committed, with the posts that were written. A post that is missing was left out by <see cref="PushSteps.Open"/>, or
    /// its customer is deleted.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is lost by repeating.</exception>
    /// <exception cref="PostgresException">The database refuses what is to be written; so it would again.</exception>
    public Task<WriteSet> WriteAsync(
        IReadOnlyList<ReceivedPost> posts,
        bool replaces,
        PushSteps steps,
        CancellationToken cancellationToken
    )
    {
        RefuseLocalTimes(posts);
        return writer.WriteAsync(
            new WriteSteps(
                async (connection, transaction, cancellation) =>
                {
                    var customers = posts.Select(post => post.CustomerId);
                    var there = await CustomerLock.TakeForWritingAsync(connection, transaction, customers, cancellation);
                    var keptFrom = await KeptRows.LockAsync(connection, transaction, cancellation);
                    var theirs = posts.Where(post => there.Contains(post.CustomerId)).ToList();
                    var wanted = await steps.Open(connection, transaction, theirs, cancellation);
                    var devices = await PushedDevices.FindAsync(connection, transaction, WriteSet.Serials(wanted), cancellation);
                    return WriteSet.Create(FleetSeries.Layout, wanted, devices, replaces, keptFrom);
                },
                steps.Close
            ),
            cancellationToken
        );
    }

    private static void RefuseLocalTimes(IReadOnlyList<ReceivedPost> posts)
    {
        foreach (var batch in posts.Select(post => post.Batch))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (batch.Keys[row].IsLocal)
                {
                    batch.Refuse(row, RowOutcome.InvalidTime);
                }
            }
        }
    }
}
