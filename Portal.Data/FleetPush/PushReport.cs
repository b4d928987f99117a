using Npgsql;

namespace Portal.Data.FleetPush;

/// <summary>How the push goes, as the leader has written it down.</summary>
/// <param name="Waiting">How long the oldest note waits; null: nothing does.</param>
/// <param name="Rows">Rows that wait; an estimate.</param>
/// <param name="SetAside">Batches that the fleet refused for good.</param>
/// <param name="RejectedRows">Rows of accepted batches that it did not store.</param>
/// <param name="Ledger">Null before the first comparison.</param>
public sealed record PushState(
    DateTimeOffset? LastSuccessAt,
    TimeSpan? Waiting,
    long Rows,
    bool Paused,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    int SetAside,
    long RejectedRows,
    LedgerState? Ledger
);

/// <summary>How much of what is stored is proven to be with the fleet.</summary>
/// <param name="Proven">Device-days that both sides held alike when they compared last.</param>
/// <param name="Open">Those that differed.</param>
/// <param name="Pending">Those that have rows to be pushed, to be hashed or to be compared; today's are among them.</param>
/// <param name="At">When the two sides compared last.</param>
public sealed record LedgerState(long Proven, long Open, long Pending, DateTimeOffset At);

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
                SELECT p."LastSuccessAt", w.waiting, w.rows, p."Paused", p."LastError", p."LastErrorAt", p."SetAside", p."RejectedRows",
                       p."LedgerAt", l.proven, l.open, l.pending
                  FROM monitoring."FleetPush" AS p
                 CROSS JOIN (
                    SELECT clock_timestamp() - min("NotedAt") AS waiting, coalesce(sum("Rows"), 0)::bigint AS rows
                      FROM monitoring."OutboxRanges") AS w
                 CROSS JOIN (
                    SELECT count(*) FILTER (WHERE settled AND proven_at IS NOT NULL AND differs_at IS NULL) AS proven,
                           count(differs_at) AS open,
                           count(*) FILTER (WHERE differs_at IS NULL AND (NOT settled OR compared_at IS NULL)) AS pending
                      FROM monitoring.ledger_days('-infinity', 'infinity') WHERE rows > 0 OR NOT settled) AS l
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
                    reader.GetInt64(7),
                    reader.IsDBNull(8)
                        ? null
                        : new LedgerState(reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11), reader.GetFieldValue<DateTimeOffset>(8))
                );
        });
}
