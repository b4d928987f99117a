using Npgsql;
using NpgsqlTypes;

namespace Portal.TimeSeries.RollUps;

/// <summary>
/// Refreshes what late rows changed below the aggregates' watermarks; TimescaleDB's own policies only move those on. Quarter hours come
/// first, as the hours are made from them. Notes are deleted last: a pass that breaks off is repeated.
/// </summary>
internal static class TimescaleRefresh
{
    public static async Task<RollUpPass> RunAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        int mostDays,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var days = await TouchedAsync(layout, connection, mostDays, cancellationToken);
        var buckets = 0L;
        foreach (var day in days)
        {
            if (day.Quarters is { } quarters)
            {
                await RefreshAsync(connection, $"{layout.Schema}.quarter_hourly_per_device", quarters, cancellationToken);
                buckets += (quarters.To - quarters.From).Ticks / TimeSpan.FromMinutes(15).Ticks;
            }

            if (day.Hours is { } hours)
            {
                await RefreshAsync(connection, $"{layout.Schema}.hourly_per_device", hours, cancellationToken);
                buckets += day.Quarters is null ? (hours.To - hours.From).Ticks / TimeSpan.TicksPerHour : 0;
            }

            await using var done = new NpgsqlCommand($"""DELETE FROM {layout.Schema}."TouchedRanges" WHERE "Id" = ANY ($1)""", connection)
            {
                Parameters = { new() { Value = day.Ids } },
            };
            await done.ExecuteNonQueryAsync(cancellationToken);
        }

        return new RollUpPass(
            days.Sum(day => (long)day.Ids.Length),
            buckets,
            days.Count == 0 ? TimeSpan.Zero : clock.GetUtcNow().UtcDateTime - days.Min(day => day.Oldest),
            More: days.Count == mostDays
        );
    }

    private static async Task<List<Day>> TouchedAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        int mostDays,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand($"SELECT * FROM {layout.Schema}.touched_days($1)", connection)
        {
            Parameters = { new() { Value = mostDays } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<Day>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add(
                new Day(
                    reader.GetFieldValue<long[]>(0),
                    reader.GetDateTime(1),
                    reader.IsDBNull(2) ? null : (reader.GetDateTime(2), reader.GetDateTime(3)),
                    reader.IsDBNull(4) ? null : (reader.GetDateTime(4), reader.GetDateTime(5))
                )
            );
        }

        return days;
    }

    private static async Task RefreshAsync(
        NpgsqlConnection connection,
        string aggregate,
        (DateTime From, DateTime To) range,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand("CALL refresh_continuous_aggregate($1::regclass, $2, $3)", connection)
        {
            CommandTimeout = 300, // a day of a large stack whose chunk is compressed
            Parameters =
            {
                new() { Value = aggregate },
                new() { Value = range.From, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = range.To, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Day(long[] Ids, DateTime Oldest, (DateTime From, DateTime To)? Quarters, (DateTime From, DateTime To)? Hours);
}
