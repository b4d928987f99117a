using Npgsql;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>A register that the roll-ups keep.</summary>
public enum RolledUpRegister
{
    /// <summary>Active energy drawn from the network, kWh.</summary>
    Import,

    /// <summary>Active energy fed into the network, kWh.</summary>
    Export,

    /// <summary>Reactive energy drawn, kvarh.</summary>
    ReactiveImport,

    /// <summary>Reactive energy fed in, kvarh.</summary>
    ReactiveExport,
}

/// <summary>Registers' curves from the roll-ups.</summary>
public sealed class RegisterQueries(NpgsqlDataSource dataSource)
{
    /// <summary>
    /// Each device's curve over <c>[from, to)</c>, with the last known bucket before and the first known one after it, so that
    /// energy is exact to the edges.
    /// </summary>
    /// <param name="hourly">True takes the hourly roll-up (enough where all edges are whole UTC hours), false the quarter-hourly one.</param>
    /// <returns>One curve per device, an empty one where the register was never known.</returns>
    public async Task<Dictionary<int, RegisterCurve>> CurvesAsync(
        IReadOnlyCollection<int> deviceIds,
        RolledUpRegister register,
        DateTimeOffset from,
        DateTimeOffset to,
        bool hourly,
        CancellationToken cancellationToken
    )
    {
        var relation = hourly ? "monitoring.hourly_per_device" : "monitoring.quarter_hourly_per_device";
        var (name, unit, powers) = register switch
        {
            RolledUpRegister.Import => ("import", "kwh", "power_min_kw, power_max_kw"),
            RolledUpRegister.Export => ("export", "kwh", "power_min_kw, power_max_kw"),
            // Reactive power is never larger than the apparent one.
            RolledUpRegister.ReactiveImport => ("reactive_import", "kvarh", "apparent_max_kva, apparent_max_kva"),
            _ => ("reactive_export", "kvarh", "apparent_max_kva, apparent_max_kva"),
        };
        var columns = $"bucket, {name}_first_at, {name}_first_{unit}, {name}_last_at, {name}_last_{unit}, {name}_min_{unit}, {name}_max_{unit}, {powers}";
        var known = $"FROM {relation} WHERE device_id = device.id AND {name}_first_{unit} IS NOT NULL";
        // An order is not pushed into the parts of a relation, which would be read whole and sorted: so a day is asked first, and nearly always has it.
        var (before, after) = ("bucket < $2 AND bucket >= $2 - interval '1 day'", "bucket >= $3 AND bucket < $3 + interval '1 day'");
        var (longBefore, longAfter) = register is RolledUpRegister.Import or RolledUpRegister.Export
            ? (Around("bucket < $2 - interval '1 day'"), Around("bucket >= date_trunc('hour', $3 + interval '1 day', 'UTC')"))
            : ("bucket < $2 - interval '1 day'", "bucket >= $3 + interval '1 day'");
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT device.id, b.*
              FROM unnest($1::int[]) AS device(id)
             CROSS JOIN LATERAL (
                   (SELECT {columns} {known} AND {before} ORDER BY bucket DESC LIMIT 1)
                   UNION ALL
                   (SELECT {columns} {known} AND {longBefore} AND NOT EXISTS (SELECT {known} AND {before}) ORDER BY bucket DESC LIMIT 1)
                   UNION ALL
                   (SELECT {columns} {known} AND bucket >= $2 AND bucket < $3)
                   UNION ALL
                   (SELECT {columns} {known} AND {after} ORDER BY bucket LIMIT 1)
                   UNION ALL
                   (SELECT {columns} {known} AND {longAfter} AND NOT EXISTS (SELECT {known} AND {after}) ORDER BY bucket LIMIT 1)
                 ) AS b
             ORDER BY device.id, b.bucket
            """
        );
        var length = hourly ? IntervalLength.Hour : IntervalLength.QuarterHour;
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. deviceIds] });
        command.Parameters.Add(MeasurementQueries.Instant(IntervalGrid.Floor(from, length, TimeZoneInfo.Utc)));
        command.Parameters.Add(MeasurementQueries.Instant(to));

        var buckets = deviceIds.Distinct().ToDictionary(id => id, _ => new List<RegisterBucket>());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            buckets[reader.GetInt32(0)].Add(Bucket(reader));
        }

        return buckets.ToDictionary(device => device.Key, device => new RegisterCurve(device.Value));

        // Within the hour that the index of known hours leads to.
        string Around(string side) =>
            $"""
            bucket = ANY (ARRAY(
              SELECT a.bucket + quarter * interval '15 minutes'
                FROM monitoring.registers_around(device.id, $2 - interval '1 day', date_trunc('hour', $3 + interval '1 day', 'UTC')) AS a
               CROSS JOIN generate_series(0, 3) AS quarter
               WHERE a.register = '{name}' AND a.{side}))
            """;
    }

    private static RegisterBucket Bucket(NpgsqlDataReader reader) =>
        new(
            FirstAt: reader.GetFieldValue<DateTimeOffset>(2),
            First: reader.GetDouble(3),
            LastAt: reader.GetFieldValue<DateTimeOffset>(4),
            Last: reader.GetDouble(5),
            Min: reader.GetDouble(6),
            Max: reader.GetDouble(7),
            PeakPowerKw: reader.IsDBNull(8) ? null : Math.Max(Math.Abs(reader.GetDouble(8)), Math.Abs(reader.GetDouble(9)))
        );
}
