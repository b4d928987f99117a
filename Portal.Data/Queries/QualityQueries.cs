using Npgsql;
using Portal.Domain.Charts;

namespace Portal.Data.Queries;

/// <summary>Time without a row, longer than the device's pace explains.</summary>
/// <param name="From">Time of the last row before it.</param>
/// <param name="To">Time of the first row after it; null: it goes on to the end of the range.</param>
public readonly record struct DataGap(DateTimeOffset From, DateTimeOffset? To);

/// <summary>How complete a device's rows of a range are.</summary>
/// <param name="Pace">Median time between rows; null where there are fewer than three rows.</param>
/// <param name="Rows">Rows of the range.</param>
/// <param name="LateRows">Those that came in after newer ones.</param>
/// <param name="LongestDelay">Longest time from measuring to receiving; null without rows.</param>
/// <param name="GapCount">All gaps, also beyond those of <paramref name="Gaps"/>.</param>
/// <param name="Missing">How long they are together.</param>
/// <param name="Gaps">Newest first, at most <see cref="QualityQueries.MostGaps"/>.</param>
public sealed record DataQuality(TimeSpan? Pace, long Rows, long LateRows, TimeSpan? LongestDelay, long GapCount, TimeSpan Missing, IReadOnlyList<DataGap> Gaps);

/// <summary>All that is kept of a device.</summary>
/// <param name="First">Time of its oldest row; null where there is none.</param>
/// <param name="Last">Time of its newest row.</param>
public sealed record DeviceRows(long Rows, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>How good a device's data is, and how much of it there is.</summary>
public sealed class QualityQueries(NpgsqlDataSource dataSource)
{
    /// <summary>Most gaps that are given one by one.</summary>
    public const int MostGaps = 100;

    /// <summary>Rows of <c>[from, to)</c>; a gap that began before <paramref name="from"/> counts from its last row on.</summary>
    /// <param name="to">Not in the future: until there no row can be missing.</param>
    public async Task<DataQuality> ReadAsync(int deviceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            WITH walked AS MATERIALIZED (
              SELECT "Time" AS time, "ReceivedAt" - "Time" AS delay, "Time" - lag("Time") OVER (ORDER BY "Time") AS pause, "Time" >= $2 AS within,
                     min("ReceivedAt") OVER (ORDER BY "Time" DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) < "ReceivedAt" AS late
                FROM monitoring."PowerMeasurements"
               WHERE "DeviceId" = $1 AND "Time" < $3
                 AND "Time" >= coalesce((SELECT max("Time") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1 AND "Time" < $2), $2)
            ), summary AS (
              SELECT CASE WHEN count(*) FILTER (WHERE within) >= 3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY pause) END AS pace,
                     count(*) FILTER (WHERE within) AS rows, count(*) FILTER (WHERE within AND late) AS late,
                     max(delay) FILTER (WHERE within) AS delay, max(time) AS newest
                FROM walked)
            SELECT s.pace, s.rows, s.late, s.delay, s.newest, gap.began, gap.ended, coalesce(gap.count, 0), coalesce(gap.missing, interval '0')
              FROM summary AS s
              LEFT JOIN LATERAL (
                   SELECT time - pause AS began, time AS ended, count(*) OVER () AS count, sum(pause) OVER () AS missing
                     FROM walked WHERE pause > s.pace * $4 ORDER BY time DESC LIMIT $5) AS gap ON true
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(MeasurementQueries.Instant(from));
        command.Parameters.Add(MeasurementQueries.Instant(to));
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = CurveGaps.Patience });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostGaps });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var pace = Span(reader, 0);
        var found = new DataQuality(pace, reader.GetInt64(1), reader.GetInt64(2), Span(reader, 3), reader.GetInt64(7), Span(reader, 8) ?? TimeSpan.Zero, []);
        var newest = reader.IsDBNull(4) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(4);
        List<DataGap> gaps = [];
        do
        {
            if (!reader.IsDBNull(5)) gaps.Add(new DataGap(reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6)));
        } while (await reader.ReadAsync(cancellationToken));

        // Silence up to the end is a gap too: of a device that has a pace, or had rows before a range without any.
        if (newest is not { } last || (pace is { } usual ? to - last <= usual * CurveGaps.Patience : found.Rows > 0)) return found with { Gaps = gaps };
        gaps.Insert(0, new DataGap(last, null));
        return found with { GapCount = found.GapCount + 1, Missing = found.Missing + (to - last), Gaps = [.. gaps.Take(MostGaps)] };
    }

    /// <summary>Rows of the UTC days of <c>[from, to)</c> that were posted again and changed nothing.</summary>
    public async Task<long> DuplicatesAsync(int deviceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT coalesce(sum("Count"), 0)::bigint FROM portal."DuplicateRows"
             WHERE "DeviceId" = $1 AND "Day" BETWEEN ($2 AT TIME ZONE 'UTC')::date AND (($3 - interval '1 microsecond') AT TIME ZONE 'UTC')::date
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(MeasurementQueries.Instant(from));
        command.Parameters.Add(MeasurementQueries.Instant(to));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>From the roll-ups: a year of rows by the minute is as quick as a day.</summary>
    public async Task<DeviceRows> HoldingsAsync(int deviceId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """SELECT coalesce(sum(samples), 0)::bigint, min(first_at), max(last_at) FROM monitoring.hourly_per_device WHERE device_id = $1"""
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DeviceRows(
            reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2));
    }

    private static TimeSpan? Span(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetTimeSpan(column);
}
