using Npgsql;

namespace Portal.Data.FleetPush;

/// <summary>The notes of what is to be pushed, as the pusher takes, reads and deletes them.</summary>
public sealed class Outbox
{
    /// <summary>Notes from which on they are merged: a scan of as many takes some ten milliseconds.</summary>
    private const int MergeFrom = 100_000;

    /// <summary>Trace contexts given of a round: as many links as a person may want to follow.</summary>
    private const int MostTraces = 8;

    private const string Newest = "\"Last\" DESC, \"Id\" DESC";
    private const string Oldest = "\"Id\"";

    private readonly NpgsqlConnection connection;

    internal Outbox(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Notes of so many rows at most, as far as they say; one note at least.</summary>
    /// <param name="oldest">False: those of the newest measurements. True: those that wait longest.</param>
    /// <param name="lastNote">
    /// Only notes up to this one: what comes in while a push is under way waits for the next, or each post would become a batch of its own.
    /// </param>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<OutboxRound> TakeAsync(bool oldest, int rows, long lastNote, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            var order = oldest ? Oldest : Newest;
            await using var command = new NpgsqlCommand(
                $"""
                SELECT "Id", "DeviceId", "First", "Last", "TraceParent"
                  FROM (
                    SELECT *, sum("Rows") OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) AS total
                      FROM (SELECT * FROM monitoring."OutboxRanges" WHERE "Id" <= $2 ORDER BY {order} LIMIT $1) AS next
                  ) AS counted
                 WHERE total <= $1 OR total = "Rows"
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = rows }, new NpgsqlParameter<long> { TypedValue = lastNote } },
            };
            var ids = new List<long>();
            var ranges = new List<OutboxRange>();
            var traces = new HashSet<string>(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetInt64(0));
                ranges.Add(
                    new OutboxRange(reader.GetInt32(1), reader.GetFieldValue<DateTime>(2).Ticks, reader.GetFieldValue<DateTime>(3).Ticks)
                );
                if (traces.Count < MostTraces && !reader.IsDBNull(4))
                {
                    traces.Add(reader.GetString(4));
                }
            }

            return new OutboxRound([.. ids], Merge(ranges), [.. traces]);
        });

    /// <summary>Reads rows in the order of the ranges, at most <paramref name="limit"/>, one after another into <paramref name="take"/>.</summary>
    /// <returns>What is left of the ranges; empty: all was read.</returns>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<IReadOnlyList<OutboxRange>> ReadAsync(
        IReadOnlyList<OutboxRange> ranges,
        int limit,
        Action<StoredRow> take,
        CancellationToken cancellationToken
    ) => PushStore.GuardAsync(() => OutboxRows.ReadAsync(connection, ranges, limit, take, cancellationToken));

    /// <summary>Deletes exactly these notes and marks their days in the ledger; some may be gone already.</summary>
    /// <exception cref="StoreUnavailableException">The database is away. The notes stay, and their rows are pushed again.</exception>
    public Task AcknowledgeAsync(long[] noteIds, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """
                WITH gone AS (
                  DELETE FROM monitoring."OutboxRanges" WHERE "Id" = ANY ($1) RETURNING "Id", "DeviceId", ("First" AT TIME ZONE 'UTC')::date AS day
                )
                INSERT INTO monitoring."LedgerDays" AS l ("DeviceId", "Day", "Changed")
                SELECT "DeviceId", day, max("Id") FROM gone GROUP BY "DeviceId", day
                ON CONFLICT ("DeviceId", "Day")
                DO UPDATE SET "Changed" = greatest(l."Changed", EXCLUDED."Changed"), "ComparedAt" = NULL, "ProvenAt" = NULL
                """,
                cancellationToken,
                new NpgsqlParameter<long[]> { TypedValue = noteIds }
            )
        );

    /// <summary>
    /// After a long outage: merges the notes into one a device and day. New notes come in their place, so whoever has read the old ones
    /// can't delete them any more.
    /// </summary>
    /// <param name="notes">How many there are.</param>
    /// <param name="atLeast">How many merging left the last time; merging pays again from twice as many on.</param>
    /// <returns>How many there are afterwards; null where they are few enough.</returns>
    /// <exception cref="StoreUnavailableException">The database is away: nothing is merged.</exception>
    public async Task<long?> MergeAsync(long notes, long atLeast, CancellationToken cancellationToken) =>
        notes < Math.Max(MergeFrom, 2 * atLeast)
            ? null
            : await PushStore.GuardAsync(async () =>
            {
                await using var command = new NpgsqlCommand("SELECT monitoring.merge_outbox()", connection) { CommandTimeout = 300 };
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            });

    private static List<OutboxRange> Merge(List<OutboxRange> ranges)
    {
        ranges.Sort((a, b) => a.DeviceId != b.DeviceId ? a.DeviceId.CompareTo(b.DeviceId) : a.First.CompareTo(b.First));
        var merged = new List<OutboxRange>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.DeviceId == range.DeviceId && range.First <= last.Last)
            {
                merged[^1] = last with { Last = Math.Max(last.Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
