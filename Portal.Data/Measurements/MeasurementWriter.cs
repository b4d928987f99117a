using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data.FleetPush;
using Portal.Data.Measurements;
using Portal.Data.Quarantine;
using Portal.Data.TimeSeries;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>
/// Writes measurements: one transaction for each call, durable when it returns. A row is inserted, or fills the columns that the stored row
/// of its device and instant still lacks; nothing stored ever changes. So repeating a write, in whole or in part, is harmless. Rows of
/// serials that no device has go to the quarantine in the same transaction.
/// </summary>
/// <remarks>Safe for concurrent use; each call takes one connection of the pool.</remarks>
public sealed class MeasurementWriter(
    NpgsqlDataSource dataSource,
    ITimeSeries timeSeries,
    QuarantineUsage quarantine,
    DuplicateCounter duplicates,
    WriterMetrics metrics,
    TimeProvider clock,
    ILogger<MeasurementWriter> logger
)
{
    private readonly SeriesWriter writer = new(dataSource, timeSeries, metrics, clock, logger);

    /// <summary>Writes one post that came in just now. See the other overload.</summary>
    public async Task<WriteResult> WriteAsync(MeasurementBatch batch, CancellationToken cancellationToken) =>
        (await WriteAsync([new ReceivedPost(batch, clock.GetUtcNow())], cancellationToken))[0];

    /// <summary>Writes several posts in one transaction: all of it or nothing. Where two have the same device-instant they are merged, the first wins.</summary>
    /// <returns>A result for each post, in order.</returns>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is lost by repeating.</exception>
    /// <exception cref="PostgresException">The database refuses what is to be written; so it would again.</exception>
    /// <exception cref="TimeZoneNotFoundException">A post has local times and its site's zone is unknown on this machine.</exception>
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ReceivedPost> posts, CancellationToken cancellationToken)
    {
        var serials = WriteSet.Serials(posts);
        if (serials.Count == 0)
        {
            return WriteSet.Create(PortalSeries.Layout, posts, DeviceLookup.None).Results(); // everything was refused before
        }

        var kept = default(QuarantineAmount);
        var set = await writer.WriteAsync(
            new WriteSteps(
                async (connection, transaction, cancellation) =>
                {
                    var devices = await DeviceLookup.LockAsync(connection, transaction, serials, cancellation);
                    return WriteSet.Create(PortalSeries.Layout, posts, devices);
                },
                async (connection, transaction, set, cancellation) =>
                    kept = await QuarantineWriter.AddAsync(connection, transaction, set.Unknown, cancellation),
                OutboxNote.Of
            ),
            cancellationToken
        );
        quarantine.Add(kept);
        duplicates.Add(set);
        return set.Results();
    }
}
