using Npgsql;

namespace Portal.Data.FleetPush;

/// <summary>How the push goes, as the leader has written it down.</summary>
/// <param name="Waiting">How long the oldest note waits; null: nothing does.</param>
/// <param name="Rows">Rows that wait; an estimate.</param>
/// <param name="SetAside">Batches that the fleet refused for good.</param>
/// <param name="RejectedRows">Rows of accepted batches that it did not store.</param>
public sealed record PushState(
    DateTimeOffset? LastSuccessAt,
    TimeSpan? Waiting,
    long Rows,
    bool Paused,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    int SetAside,
    long RejectedRows
);

/// <summary>Reads the state of the push; any process can.</summary>
public sealed class PushReport(NpgsqlDataSource dataSource)
{
    /// <returns>Null where the push is not switched on (yet).</returns>
    /// <exception cref="StoreUnavailableException">The database is away, or its schema is not there yet.</exception>
    public Task<PushState?> ReadAsync(CancellationToken cancellationToken) =>
        PushStore.GuardAsync<PushState?>(async () =>
        {
            await using var command = dataSource.CreateCommand(
                """
                SELECT p."LastSuccessAt", w.waiting, w.rows, p."Paused", p."LastError", p."LastErrorAt", p."SetAside", p."RejectedRows"
                  FROM monitoring."FleetPush" AS p
                 CROSS JOIN (
                    SELECT clock_timestamp() - min("NotedAt") AS waiting, coalesce(sum("Rows"), 0)::bigint AS rows
                      FROM monitoring."OutboxRanges") AS w
                """
            );
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return !await reader.ReadAsync(cancellationToken)
                ? null
                : new PushState(
                    reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0),
                    reader.IsDBNull(1) ? null : reader.GetTimeSpan(1),
                    reader.GetInt64(2),
                    reader.GetBoolean(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                    reader.GetInt32(6),
                    reader.GetInt64(7)
                );
        });
}
