using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.TimeSeries.Writing;

namespace Portal.TimeSeries;

/// <summary>
/// Writes sets of measurements: one transaction for each call, durable when it returns. It hopes that all rows are new and copies them; where
/// that fails it compares, then merges. It makes room where a partition is missing and repeats what met another writer.
/// </summary>
/// <remarks>Safe for concurrent use; each call takes one connection of the pool.</remarks>
public sealed class SeriesWriter(
    NpgsqlDataSource dataSource,
    ITimeSeries timeSeries,
    WriterMetrics metrics,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>
    /// Most attempts of one write. Each path takes one (a duplicate leads to the next path, the last has none), a missing partition one or
    /// two, and the rest is for collisions, which are rare singly.
    /// </summary>
    private const int MaxAttempts = 10;

    private readonly WrittenTimes written = new();

    /// <returns>The set as it was committed.</returns>
    /// <exception cref="StoreUnavailableException">The database is away; nothing is lost by repeating.</exception>
    /// <exception cref="PostgresException">The database refuses what is to be written; so it would again.</exception>
    public async Task<WriteSet> WriteAsync(WriteSteps steps, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        WritePath? path = null;
        var metOthers = false;
        for (var attempt = 1; ; attempt++)
        {
            await using var write = new WriteAttempt(dataSource, timeSeries, written) { Path = path, MetOthers = metOthers };
            try
            {
                var set = await write.RunAsync(steps, cancellationToken);
                metrics.Written(write.Path!.Value, clock.GetElapsedTime(started));
                return set;
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
}
