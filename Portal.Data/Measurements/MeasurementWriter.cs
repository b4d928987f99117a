using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data.Measurements;
using Portal.Data.Quarantine;
using Portal.Domain.Measurements;

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
    WriterMetrics metrics,
    TimeProvider clock,
    ILogger<MeasurementWriter> logger
)
{
    /// <summary>
    /// Most attempts of one write. Each path takes one (a duplicate leads to the next path, the last has none), a missing partition one or
    /// two, and the rest is for collisions, which are rare singly.
    /// </summary>
    private const int MaxAttempts = 10;

    private readonly WrittenTimes written = new();

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
        var serials = PostedSerials(posts);
        if (serials.Length == 0)
        {
            return WriteSet.Create(posts, []).Results(); // everything was refused before
        }

        var started = clock.GetTimestamp();
        WritePath? path = null;
        var metOthers = false;
        for (var attempt = 1; ; attempt++)
        {
            await using var write = new WriteAttempt(dataSource, timeSeries, quarantine, written) { Path = path, MetOthers = metOthers };
            try
            {
                var results = await write.RunAsync(posts, serials, cancellationToken);
                metrics.Written(write.Path!.Value, clock.GetElapsedTime(started));
                return results;
            }
            catch (PostgresException error) when (attempt < MaxAttempts && NextPath(error, write) is { } next)
            {
                path = next.Path;
                metOthers |= next.Reason == WriteAttempt.Duplicate;
                metrics.Retried(next.Reason);
                logger.LogDebug("Repeating a write of {Rows} rows ({Reason}): {Error}", write.Set?.Count, next.Reason, error.MessageText);
                await write.DisposeAsync(); // its connection goes back before anything else is waited for
                await PrepareAsync(next.Reason, attempt, write.Set, cancellationToken);
            }
            catch (Exception error) when (StoreErrors.IsUnavailable(error, write.Connection) || IsStuck(error))
            {
                throw new StoreUnavailableException("The database is not available at the moment: " + error.GetBaseException().Message, error);
            }
        }
    }

    private async Task PrepareAsync(string reason, int attempt, WriteSet? set, CancellationToken cancellationToken)
    {
        if (reason == WriteAttempt.MissingPartition && set is not null)
        {
            try
            {
                await TouchedTimes.EnsureRoomAsync(timeSeries, set, cancellationToken);
            }
            catch (Exception error) when (StoreErrors.IsUnavailable(error))
            {
                throw new StoreUnavailableException("The database is not available at the moment: " + error.GetBaseException().Message, error);
            }
        }
        else if (reason == WriteAttempt.Collision)
        {
            // 10 to 20 ms, then more: long enough for the other one to be through.
            var delay = TimeSpan.FromMilliseconds(attempt * (10 + Random.Shared.Next(10)));
            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    private static (string Reason, WritePath? Path)? NextPath(PostgresException error, WriteAttempt write) =>
        error switch
        {
            _ when StoreErrors.IsCollision(error) => (WriteAttempt.Collision, write.Path),
            _ when StoreErrors.IsMissingPartition(error) => (WriteAttempt.MissingPartition, write.Path),
            _ when StoreErrors.IsDuplicate(error) && write.Path < WritePath.Merge => (WriteAttempt.Duplicate, write.Path + 1),
            _ => null,
        };

    // Ten collisions in a row: too much is going on for now, which is no fault of what was posted.
    private static bool IsStuck(Exception error) => error is PostgresException postgres && StoreErrors.IsCollision(postgres);

    private static string[] PostedSerials(IReadOnlyList<ReceivedPost> posts)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        foreach (var post in posts)
        {
            for (var row = 0; row < post.Batch.Count; row++)
            {
                if (post.Batch.Refused(row) is null)
                {
                    serials.Add(post.Batch.ExternalIds[post.Batch.Keys[row].Device]);
                }
            }
        }

        return [.. serials];
    }
}
