using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Portal.Data.Counts;
using Portal.TimeSeries;

namespace Portal.Data.Measurements;

/// <summary>
/// Counts rows that were posted again and changed nothing, by device and day, into <c>portal."DuplicateRows"</c>. Written every few seconds,
/// beside the measurements and not with them: counts of the last seconds before a crash are lost, which nobody's energy depends on.
/// </summary>
/// <remarks>Bound: 100,000 device-days between two writes; what goes beyond is not counted.</remarks>
public sealed class DuplicateCounter(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<DuplicateCounter> logger) : PacedWriter(clock)
{
    private readonly PendingCounts<(int Device, DateOnly Day)> pending = new(100_000);

    /// <summary>Writes what was counted so far. What could not be written is kept for the next time, also where it was cancelled.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pending.WriteAsync(due => AddToTableAsync(due, cancellationToken));
        }
        catch (NpgsqlException e)
        {
            logger.LogWarning("Counts of duplicate rows could not be written, they are tried again: {Reason}", e.Message);
        }
    }

    /// <summary>The set as it was written.</summary>
    internal void Add(WriteSet set) => pending.Add(Duplicates(set));

    protected override Task WriteAsync(bool last, CancellationToken cancellationToken) => WriteAsync(cancellationToken);

    private static IEnumerable<(int Device, DateOnly Day)> Duplicates(WriteSet set)
    {
        for (var row = 0; row < set.Count; row++)
        {
            if (!set.IsAccepted(row))
            {
                var (device, ticks) = (set.Rows[row].Device.DeviceId, set.Rows[row].Ticks);
                yield return (device, DateOnly.FromDateTime(new DateTime(ticks, DateTimeKind.Utc)));
            }
        }
    }

    private async Task AddToTableAsync(IReadOnlyDictionary<(int Device, DateOnly Day), long> due, CancellationToken cancellationToken)
    {
        // In the order of the keys: two ingests that count the same days wait for each other in one direction. Devices may be gone by now.
        await using var command = dataSource.CreateCommand(
            """
            INSERT INTO portal."DuplicateRows" ("DeviceId", "Day", "Count")
            SELECT c.device, c.day, c.count FROM unnest($1, $2, $3) AS c (device, day, count)
             WHERE EXISTS (SELECT FROM monitoring."Devices" AS d WHERE d."Id" = c.device)
             ORDER BY 1, 2
            ON CONFLICT ("DeviceId", "Day") DO UPDATE SET "Count" = "DuplicateRows"."Count" + excluded."Count"
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. due.Keys.Select(key => key.Device)] });
        command.Parameters.Add(new() { Value = due.Keys.Select(key => key.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. due.Values] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
