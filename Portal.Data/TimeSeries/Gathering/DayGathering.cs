using System.Data;
using System.Globalization;
using Npgsql;
using Portal.Data.Connection;

namespace Portal.Data.TimeSeries.Gathering;

/// <summary>
/// Lays the rows of days that are over together by device, on plain PostgreSQL, which has no compression to do it: what a chart of a device's raw
/// minutes reads is then 30 pages a day in place of 1,440. The newest day comes first. How far it is stands in the database, so a restart goes on there.
/// </summary>
public sealed class DayGathering(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>
    /// How long after its end a day is left alone. Most late rows are there by then; later ones need not be laid together, as a logger that sends
    /// what it kept sends it by device and in order, and is written so.
    /// </summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(6);

    // Partitions as ensure_partition names them; those that are being taken off are somebody else's.
    private const string NextDay = """
        SELECT day::date
          FROM pg_inherits AS i
          JOIN pg_class AS c ON c.oid = i.inhrelid
         CROSS JOIN LATERAL to_date(right(c.relname, 7), 'YYYY_MM') AS month
         CROSS JOIN LATERAL generate_series(month::timestamp, month + interval '1 month' - interval '1 day', interval '1 day') AS day
         WHERE i.inhparent = 'monitoring."PowerMeasurements"'::regclass AND NOT i.inhdetachpending AND c.relname ~ '^PowerMeasurements_\d{4}_\d{2}$'
           AND day::date < $1
           AND NOT EXISTS (SELECT FROM monitoring."GatheredDays" AS g WHERE g."Day" = day::date AND g."DoneAt" IS NOT NULL)
         ORDER BY day DESC
         LIMIT 1
        """;

    /// <summary>How long it rests after each device, in times of what the device took: by default a quarter of one core is used while it works.</summary>
    public double Rest { get; init; } = 3;

    /// <summary>One pass: a day, then its partition is vacuumed, so that the next day goes where this one came from and the table doesn't grow.</summary>
    /// <returns>Null where no day waits, on TimescaleDB, or while another process is at it.</returns>
    /// <exception cref="NpgsqlException">The database is away or refuses; the next pass goes on.</exception>
    public async Task<GatheredDay?> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync(connection, """SELECT to_regclass('monitoring."GatheredDays"') IS NOT NULL AND pg_try_advisory_lock($1)""", cancellationToken))
        {
            return null;
        }

        try
        {
            return await NextDayAsync(connection, cancellationToken) is { } day ? await GatherAsync(connection, day, cancellationToken) : null;
        }
        finally
        {
            // Said explicitly: the pool resets a connection only when it is used again.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await AskAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
    }

    private async Task<DateOnly?> NextDayAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextDay, connection)
        {
            Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime((clock.GetUtcNow() - Lateness).UtcDateTime) } },
        };
        return (DateOnly?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<GatheredDay> GatherAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        var gathered = new GatheredDay(day, 0, 0, IsDone: false);
        try
        {
            while (!gathered.IsDone)
            {
                var started = clock.GetTimestamp();
                gathered = await NextDeviceAsync(connection, gathered, cancellationToken);
                await Task.Delay(clock.GetElapsedTime(started) * Rest, clock, cancellationToken);
            }
        }
        catch (PostgresException exception) when (IsInTheWay(exception))
        {
            return gathered;
        }

        if (gathered.Rows > 0)
        {
            await VacuumAsync(connection, day, cancellationToken);
        }

        return gathered;
    }

    // Of the partition that is being dropped nothing has to be laid together any more.
    private static bool IsInTheWay(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable;

    private static async Task<GatheredDay> NextDeviceAsync(NpgsqlConnection connection, GatheredDay gathered, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT device, moved FROM monitoring.gather_next($1)", connection)
        {
            Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = gathered.Day } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0)
            ? gathered with { IsDone = true }
            : gathered with { Devices = gathered.Devices + 1, Rows = gathered.Rows + reader.GetInt64(1) };
    }

    /// <summary>
    /// As autovacuum would do it, and as slowly: but now, before other days' rows go into pages of which only some are free. The table keeps its
    /// length, which would need a lock that everybody waits for.
    /// </summary>
    private static async Task VacuumAsync(NpgsqlConnection connection, DateOnly day, CancellationToken cancellationToken)
    {
        var partition = day.ToString("'PowerMeasurements_'yyyy_MM", CultureInfo.InvariantCulture);
        foreach (var sql in (string[])["SET vacuum_cost_delay = 2", $"VACUUM (INDEX_CLEANUP on, TRUNCATE off) monitoring.\"{partition}\"", "RESET vacuum_cost_delay"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 }; // the month of a large stack takes minutes; a stop cancels it
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = AdvisoryLocks.Gathering } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
