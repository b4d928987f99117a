using Npgsql;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>The newest that is known of a device.</summary>
/// <param name="LastSeenAt">Time of its newest row; null where it never posted.</param>
/// <param name="PowerKw">Its newest active power, kW, not older than <see cref="OverviewQueries.FreshFor"/>; null otherwise.</param>
public sealed record DeviceNow(int DeviceId, DateTimeOffset? LastSeenAt, double? PowerKw);

/// <summary>What the start page shows.</summary>
public sealed class OverviewQueries(NpgsqlDataSource dataSource, RegisterQueries registers, TimeProvider clock)
{
    /// <summary>How old a power may be to count as "now". A logger that posts every ten minutes still does.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(15);

    /// <summary>Each device's newest row and power; one index look-up per device.</summary>
    public async Task<Dictionary<int, DeviceNow>> NowAsync(IReadOnlyCollection<int> deviceIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT device.id, seen."Time", power."ActivePowerKw"::double precision
              FROM unnest($1::int[]) AS device(id)
              LEFT JOIN LATERAL (
                   SELECT "Time" FROM monitoring."PowerMeasurements"
                    WHERE "DeviceId" = device.id ORDER BY "Time" DESC LIMIT 1) AS seen ON true
              LEFT JOIN LATERAL (
                   SELECT "ActivePowerKw" FROM monitoring."PowerMeasurements"
                    WHERE "DeviceId" = device.id AND "Time" >= $2 AND "ActivePowerKw" IS NOT NULL
                    ORDER BY "Time" DESC LIMIT 1) AS power ON true
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. deviceIds] });
        command.Parameters.Add(MeasurementQueries.Instant(clock.GetUtcNow() - FreshFor));

        var devices = new Dictionary<int, DeviceNow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetInt32(0);
            devices[id] = new DeviceNow(
                id,
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetDouble(2)
            );
        }

        return devices;
    }

    /// <summary>
    /// Energy drawn since local midnight by each group of meters (the mains of a site), up to each meter's newest reading. An
    /// estimate only where a reset or a gap over midnight makes it one: that the day is not over is no estimate.
    /// </summary>
    /// <param name="groups">Groups of devices on the same clock; one statement serves them all.</param>
    /// <returns>One interval per group, in their order.</returns>
    public async Task<IReadOnlyList<EnergyInterval>> TodayAsync(
        IReadOnlyList<IReadOnlyCollection<int>> groups,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        return await OverAsync(groups, IntervalGrid.Floor(now, IntervalLength.Day, zone), now, cancellationToken);
    }

    /// <summary>The same of yesterday, as long after its midnight as it is now.</summary>
    public async Task<IReadOnlyList<EnergyInterval>> YesterdayAsync(
        IReadOnlyList<IReadOnlyCollection<int>> groups,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var today = IntervalGrid.Floor(now, IntervalLength.Day, zone);
        var midnight = IntervalGrid.Floor(today.AddHours(-1), IntervalLength.Day, zone);
        return await OverAsync(groups, midnight, midnight + (now - today), cancellationToken);
    }

    /// <summary>
    /// This month's peak demand of each group of meters on the same clock: the largest sum of their mean powers over a half-hour that is over.
    /// </summary>
    /// <returns>Of each group the half-hour's start and the power, kW; null where none is known.</returns>
    public async Task<IReadOnlyList<(DateTimeOffset At, double PowerKw)?>> PeaksAsync(
        IReadOnlyList<IReadOnlyCollection<int>> groups,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT DISTINCT ON (half.member) half.member, half.start, sum(half.power_kw) OVER (PARTITION BY half.member, half.start) AS power_kw
              FROM (SELECT m.member, r.start, r.power_kw
                      FROM unnest($1::int[], $2::int[]) AS m(member, device_id)
                     CROSS JOIN LATERAL (
                           SELECT date_bin('30 minutes', bucket, $3) AS start, avg(power_mean_kw) AS power_kw
                             FROM monitoring.quarter_hourly_per_device
                            WHERE device_id = m.device_id AND bucket >= $3 AND bucket < date_bin('30 minutes', $4, $3)
                            GROUP BY 1
                           HAVING count(power_mean_kw) = 2) AS r) AS half
             ORDER BY half.member, power_kw DESC, half.start
            """
        );
        var now = clock.GetUtcNow();
        List<(int Member, int Device)> members = [.. groups.SelectMany((group, member) => group.Select(device => (member, device)))];
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. members.Select(pair => pair.Member)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. members.Select(pair => pair.Device)] });
        command.Parameters.Add(MeasurementQueries.Instant(IntervalGrid.Floor(now, IntervalLength.Month, zone)));
        command.Parameters.Add(MeasurementQueries.Instant(now));

        var peaks = new (DateTimeOffset At, double PowerKw)?[groups.Count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            peaks[reader.GetInt32(0)] = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetDouble(2));
        return peaks;
    }

    private async Task<IReadOnlyList<EnergyInterval>> OverAsync(
        IReadOnlyList<IReadOnlyCollection<int>> groups,
        DateTimeOffset midnight,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        List<int> devices = [.. groups.SelectMany(group => group).Distinct()];
        var curves = await registers.CurvesAsync(devices, RolledUpRegister.Import, midnight, until, hourly: false, cancellationToken);
        return [.. groups.Select(group => Sum(group.Select(device => curves[device]), midnight, until))];
    }

    private static EnergyInterval Sum(IEnumerable<RegisterCurve> curves, DateTimeOffset midnight, DateTimeOffset now)
    {
        var known = curves
            .Where(curve => curve.LastAt > midnight)
            .Select(curve => curve.Over(midnight, curve.LastAt!.Value < now ? curve.LastAt.Value : now))
            .Where(interval => interval.Value is not null)
            .ToList();
        return new EnergyInterval(midnight, known.Count == 0 ? null : known.Sum(i => i.Value!.Value), known.Any(i => i.Estimated));
    }
}
