using Fleet.Aggregator.Measurements;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.Aggregator.Silences;

/// <summary>What is silent after a pass.</summary>
/// <param name="Stacks">Customers whose whole stack is.</param>
/// <param name="Devices">Devices of the others.</param>
internal sealed record SilenceCounts(int Stacks, int Devices);

/// <summary>
/// One look over the fleet: who fell silent, who is heard again. By these rules:
/// <list type="bullet">
/// <item>A stack is silent when neither push nor heartbeat came for <c>StackAfter</c>, or for <c>Cadences</c> of its heartbeats. One event of
/// kind <c>stack</c>; its devices are not called silent, since nothing is known of them. It ends with the next push.</item>
/// <item>A device is silent when its newest measurement has not moved on for <c>Cadences</c> of its cadence, and <c>DevicesAfter</c> at least, up to
/// its stack's last push: by our clock, so a meter's wrong clock doesn't matter, and older rows of a replay wave don't end it. Devices of a
/// customer that are noticed within <see cref="Together"/>, or stopped together, are one event of kind <c>devices</c>. It ends when the last of
/// them is heard again. A device whose cadence is not known yet is never called silent.</item>
/// <item>Nobody is silent for the time in which it could not be heard: before its customer was switched on, before its stack came back from a
/// silence, or while the fleet itself was away. A customer that is switched off has no silences.</item>
/// </list>
/// </summary>
/// <remarks>
/// One transaction, with one leader of all aggregators by an advisory lock. It holds the rows of the customers whose devices change, as writers of
/// their batches do.
/// </remarks>
internal sealed class SilencePass(NpgsqlDataSource dataSource, IOptions<SilenceOptions> options)
{
    /// <summary>Devices that are noticed within it belong together: passes come once a minute, and cadences differ a little.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(5);

    /// <summary>Of a stack whose heartbeats' pace isn't known: the slowest that is usual.</summary>
    private static readonly TimeSpan UnknownHeartbeat = TimeSpan.FromMinutes(20);

    private const string EndStacks = """
        UPDATE fleet."Silences" s
           SET "EndedAt" = CASE WHEN c."LastPushAt" > s."StartedAt" THEN c."LastPushAt" ELSE $1 END
          FROM fleet."Customers" c
         WHERE s."Kind" = 'stack' AND s."EndedAt" IS NULL AND c."Id" = s."CustomerId" AND (c."LastPushAt" > s."StartedAt" OR NOT c."Active")
        """;

    private const string StartStacks = """
        INSERT INTO fleet."Silences" ("CustomerId", "Kind", "StartedAt", "NoticedAt", "Devices", "Examples")
        SELECT c."Id", 'stack', c."LastPushAt", $1,
               (SELECT count(*) FROM fleet."Devices" d WHERE d."CustomerId" = c."Id" AND d."DeletedAt" IS NULL), '{}'
          FROM fleet."Customers" c
         WHERE c."Active"
           AND $1 - GREATEST(c."LastPushAt", c."ActiveSince", $2) > GREATEST($3, $4 * COALESCE(make_interval(secs => c."HeartbeatSeconds"), $5))
           AND c."LastPushAt" IS NOT NULL
           AND NOT EXISTS (SELECT FROM fleet."Silences" s WHERE s."CustomerId" = c."Id" AND s."Kind" = 'stack' AND s."EndedAt" IS NULL)
        """;

    private const string Counts = """
        SELECT (SELECT count(*)::int FROM fleet."Silences" WHERE "Kind" = 'stack' AND "EndedAt" IS NULL),
               (SELECT count(*)::int FROM fleet."Devices" WHERE "SilenceId" IS NOT NULL)
        """;

    private readonly SilenceOptions rules = options.Value;

    /// <param name="now">The time of the pass.</param>
    /// <param name="watchingSince">Since when the fleet has been hearing without a break.</param>
    /// <returns>What is silent now; null where another aggregator is at it.</returns>
    /// <exception cref="NpgsqlException">The database is away; the next pass does it.</exception>
    public async Task<SilenceCounts?> RunAsync(DateTimeOffset now, DateTimeOffset watchingSince, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var lead = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = FleetLocks.Silences } },
        };
        if (await lead.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return null;
        }

        await using (var stacks = new NpgsqlBatch(connection, transaction))
        {
            stacks.BatchCommands.Add(new NpgsqlBatchCommand(EndStacks) { Parameters = { Instant(now) } });
            stacks.BatchCommands.Add(
                new NpgsqlBatchCommand(StartStacks)
                {
                    Parameters =
                    {
                        Instant(now),
                        Instant(watchingSince),
                        new NpgsqlParameter<TimeSpan> { TypedValue = rules.StackAfter },
                        new NpgsqlParameter<double> { TypedValue = rules.Cadences },
                        new NpgsqlParameter<TimeSpan> { TypedValue = UnknownHeartbeat },
                    },
                }
            );
            await stacks.ExecuteNonQueryAsync(cancellationToken);
        }

        await new DeviceSilences(connection, transaction, rules, now).UpdateAsync(watchingSince, cancellationToken);
        await using var counts = new NpgsqlCommand(Counts, connection, transaction);
        SilenceCounts result;
        await using (var reader = await counts.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            result = new SilenceCounts(reader.GetInt32(0), reader.GetInt32(1));
        }

        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    internal static NpgsqlParameter<DateTime> Instant(DateTimeOffset instant) => new() { TypedValue = instant.UtcDateTime };
}
