using Npgsql;
using Portal.Domain.Charts;
using Portal.Domain.Energy;
using Portal.Domain.Measurements;

namespace Portal.Data.Queries.Charts;

/// <summary>
/// Curves with as many points as a screen can show: rows as they are where they are few, otherwise mean, smallest and largest of equal
/// steps, so that no peak is lost; from the roll-ups where they have what is asked and are fine enough.
/// </summary>
public sealed class ChartQueries(NpgsqlDataSource dataSource)
{
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether a range of these quantities, in so many points, is answered from roll-ups and may be long.</summary>
    public static bool FromRollUps(IReadOnlyList<Quantity> quantities, TimeSpan range, int points) =>
        ChartStep.For(range, points) >= QuarterHour && quantities.All(RolledUpQuantities.Has);

    /// <param name="zone">Steps of an hour and more begin with the day on this clock.</param>
    /// <param name="points">Most points; the caller caps it.</param>
    /// <param name="quantities">At least one, none of them <see cref="QuantityKind.LoadType"/>.</param>
    public async Task<ChartCurve> ReadAsync(
        int deviceId, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, int points, IReadOnlyList<Quantity> quantities, CancellationToken cancellationToken)
    {
        var step = ChartStep.For(to - from, points);
        if (FromRollUps(quantities, to - from, points)) return await RolledUpAsync(deviceId, from, to, zone, step, quantities, cancellationToken);
        return await RawAsync(deviceId, from, to, points, quantities, cancellationToken) ?? await SampledAsync(deviceId, from, to, zone, step, quantities, cancellationToken);
    }

    /// <summary>The main meters of a site together.</summary>
    /// <param name="least">Shortest step: meters post at paces of their own, and every one of them should be in each sum.</param>
    public async Task<PowerSum> SumAsync(
        IReadOnlyCollection<int> deviceIds, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, int points, TimeSpan least, CancellationToken cancellationToken)
    {
        var step = ChartStep.For(to - from, points, least);
        var origin = Origin(from, step, zone);
        var means = step >= QuarterHour
            ? $"""
               SELECT device_id, date_bin($4, bucket, $5) AS start, sum(power_mean_kw * power_samples) / nullif(sum(power_samples), 0) AS kw
                 FROM {Relation(step, origin)} WHERE device_id = ANY ($1) AND bucket >= $2 AND bucket < $3 GROUP BY 1, 2
               """
            : """
              SELECT "DeviceId", date_bin($4, "Time", $5) AS start, avg("ActivePowerKw") AS kw
                FROM monitoring."PowerMeasurements" WHERE "DeviceId" = ANY ($1) AND "Time" >= $2 AND "Time" < $3 GROUP BY 1, 2
              """;
        await using var command = dataSource.CreateCommand(
            $"SELECT start, sum(kw)::double precision, count(kw)::int FROM ({means}) AS means GROUP BY start ORDER BY start");
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. deviceIds] });
        Range(command, from, to, step, origin);

        var (times, power, meters) = (new List<DateTimeOffset>(), new List<double?>(), new List<int>());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            times.Add(reader.GetFieldValue<DateTimeOffset>(0));
            power.Add(reader.IsDBNull(1) ? null : reader.GetDouble(1));
            meters.Add(reader.GetInt32(2));
        }

        return new PowerSum(step, times, power, meters);
    }

    private Task<ChartCurve> RolledUpAsync(
        int deviceId, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, TimeSpan step, IReadOnlyList<Quantity> quantities, CancellationToken cancellationToken)
    {
        var origin = Origin(from, step, zone);
        return StepsAsync(
            ChartMethod.RollUps,
            $"""
            SELECT date_bin($4, bucket, $5) AS start, {string.Join(", ", quantities.Select(RolledUpQuantities.Of))}
              FROM {Relation(step, origin)}
             WHERE device_id = $1 AND bucket >= $2 AND bucket < $3
             GROUP BY start
             ORDER BY start
            """,
            deviceId, from, to, step, origin, quantities, cancellationToken);
    }

    private Task<ChartCurve> SampledAsync(
        int deviceId, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, TimeSpan step, IReadOnlyList<Quantity> quantities, CancellationToken cancellationToken) =>
        StepsAsync(
            ChartMethod.Samples,
            $"""
            SELECT date_bin($4, "Time", $5) AS start, {string.Join(", ", quantities.Select(q => $"{SeriesQueries.Middle(q)}, min(\"{q.Column}\"), max(\"{q.Column}\")"))}
              FROM monitoring."PowerMeasurements"
             WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3
             GROUP BY start
             ORDER BY start
            """,
            deviceId, from, to, step, Origin(from, step, zone), quantities, cancellationToken);

    private async Task<ChartCurve> StepsAsync(
        ChartMethod method, string sql, int deviceId, DateTimeOffset from, DateTimeOffset to, TimeSpan step, DateTimeOffset origin,
        IReadOnlyList<Quantity> quantities, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        Range(command, from, to, step, origin);
        var (times, values) = await ReadAsync(command, quantities.Count * 3, cancellationToken);
        return new ChartCurve(method, step, times, [.. quantities.Select((q, i) => new SeriesColumn(q, [.. values[i * 3]], [.. values[i * 3 + 1]], [.. values[i * 3 + 2]]))]);
    }

    // Null where there are more rows than points.
    private async Task<ChartCurve?> RawAsync(
        int deviceId, DateTimeOffset from, DateTimeOffset to, int points, IReadOnlyList<Quantity> quantities, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", quantities.Select(q => $"\"{q.Column}\""));
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT "Time", {columns}
              FROM monitoring."PowerMeasurements"
             WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3 AND num_nonnulls({columns}) > 0
             ORDER BY "Time"
             LIMIT $4
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(MeasurementQueries.Instant(from));
        command.Parameters.Add(MeasurementQueries.Instant(to));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = points + 1 });
        var (times, values) = await ReadAsync(command, quantities.Count, cancellationToken);
        return times.Count > points
            ? null
            : new ChartCurve(ChartMethod.Raw, TimeSpan.Zero, times, [.. quantities.Select((q, i) => new SeriesColumn(q, [.. values[i]], [], []))]);
    }

    private static async Task<(List<DateTimeOffset> Times, List<double?>[] Values)> ReadAsync(NpgsqlCommand command, int columns, CancellationToken cancellationToken)
    {
        var times = new List<DateTimeOffset>();
        var values = Enumerable.Range(0, columns).Select(_ => new List<double?>()).ToArray();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            times.Add(reader.GetFieldValue<DateTimeOffset>(0));
            for (var i = 0; i < columns; i++) values[i].Add(reader.IsDBNull(i + 1) ? null : Number(reader, i + 1));
        }

        return (times, values);
    }

    private static double Number(NpgsqlDataReader reader, int column) => reader.GetFieldType(column) == typeof(float) ? reader.GetFloat(column) : reader.GetDouble(column);

    private static void Range(NpgsqlCommand command, DateTimeOffset from, DateTimeOffset to, TimeSpan step, DateTimeOffset origin)
    {
        command.Parameters.Add(MeasurementQueries.Instant(from));
        command.Parameters.Add(MeasurementQueries.Instant(to));
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = step });
        command.Parameters.Add(MeasurementQueries.Instant(origin));
    }

    private static DateTimeOffset Origin(DateTimeOffset from, TimeSpan step, TimeZoneInfo zone) =>
        step < Hour ? DateTimeOffset.UnixEpoch : IntervalGrid.Floor(from, IntervalLength.Day, zone).ToUniversalTime();

    // Where the site's midnight is no whole UTC hour, hours of the roll-up would fall between two steps.
    private static string Relation(TimeSpan step, DateTimeOffset origin) =>
        step >= Hour && origin.UtcTicks % TimeSpan.TicksPerHour == 0 ? "monitoring.hourly_per_device" : "monitoring.quarter_hourly_per_device";
}
