using Portal.Domain.Measurements;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>The roll-ups' relations as they have to be, computed from the raw rows the slow way, and as they are.</summary>
internal static class BruteForce
{
    private static readonly (string Name, string Unit, Quantity Quantity)[] Registers =
    [
        ("import", "kwh", Quantities.EnergyImportKwh),
        ("export", "kwh", Quantities.EnergyExportKwh),
        ("reactive_import", "kvarh", Quantities.ReactiveEnergyImportKvarh),
        ("reactive_export", "kvarh", Quantities.ReactiveEnergyExportKvarh),
    ];

    /// <summary>Compares both relations with the raw rows that are stored now.</summary>
    public static async Task AssertRelationsAsync(PortalHost host)
    {
        var raw = await RawAsync(host);
        await AssertRelationAsync(host, "monitoring.quarter_hourly_per_device", raw, TimeSpan.FromMinutes(15));
        await AssertRelationAsync(host, "monitoring.hourly_per_device", raw, TimeSpan.FromHours(1));
    }

    private static async Task AssertRelationAsync(PortalHost host, string relation, List<TestRow> raw, TimeSpan length)
    {
        var expected = raw.GroupBy(row => (row.DeviceId, Start: Floor(row.Time.UtcDateTime, length)))
            .OrderBy(bucket => bucket.Key)
            .Select(bucket => Bucket(bucket.Key.DeviceId, bucket.Key.Start, [.. bucket.OrderBy(row => row.Time)]))
            .ToList();
        var actual = await ReadAsync(host, relation);

        Assert.Equal(
            expected.Select(bucket => $"{bucket["device_id"]} {bucket["bucket"]:o}"),
            actual.Select(bucket => $"{bucket["device_id"]} {bucket["bucket"]:o}")
        );
        foreach (var (want, have) in expected.Zip(actual))
        {
            Assert.Equal(want.Keys.Order(StringComparer.Ordinal), have.Keys.Order(StringComparer.Ordinal));
            foreach (var (column, value) in want)
            {
                var found = have[column];
                var same = column.EndsWith("_mean_kw", StringComparison.Ordinal) || column.EndsWith("_mean_kvar", StringComparison.Ordinal)
                    ? value is null == found is null && (value is null || Math.Abs((double)value - (double)found!) < 1e-6)
                    : Equals(value, found);
                Assert.True(same, $"{relation} of device {want["device_id"]} at {want["bucket"]:o}: {column} is {found}, not {value}");
            }
        }
    }

    private static Dictionary<string, object?> Bucket(int device, DateTime start, List<TestRow> rows)
    {
        var bucket = new Dictionary<string, object?>
        {
            ["device_id"] = device,
            ["bucket"] = start,
            ["samples"] = (long)rows.Count,
            ["first_at"] = rows[0].Time.UtcDateTime,
            ["last_at"] = rows[^1].Time.UtcDateTime,
            ["power_mean_kw"] = rows.Average(row => row[Quantities.ActivePowerKw]),
            ["power_min_kw"] = (float?)rows.Min(row => row[Quantities.ActivePowerKw]),
            ["power_max_kw"] = (float?)rows.Max(row => row[Quantities.ActivePowerKw]),
            ["reactive_mean_kvar"] = rows.Average(row => row[Quantities.ReactivePowerKvar]),
            ["apparent_max_kva"] = (float?)rows.Max(row => row[Quantities.ApparentPowerKva]),
            ["demand_active_max_kw"] = (float?)rows.Max(row => row[Quantities.DemandActiveKw]),
            ["demand_apparent_max_kva"] = (float?)rows.Max(row => row[Quantities.DemandApparentKva]),
            ["power_samples"] = (long)rows.Count(row => row[Quantities.ActivePowerKw] is not null),
            ["reactive_samples"] = (long)rows.Count(row => row[Quantities.ReactivePowerKvar] is not null),
        };
        foreach (var (name, unit, quantity) in Registers)
        {
            var known = rows.Where(row => row[quantity] is not null).ToList();
            bucket[$"{name}_first_{unit}"] = known.FirstOrDefault()?[quantity];
            bucket[$"{name}_first_at"] = known.FirstOrDefault()?.Time.UtcDateTime;
            bucket[$"{name}_last_{unit}"] = known.LastOrDefault()?[quantity];
            bucket[$"{name}_last_at"] = known.LastOrDefault()?.Time.UtcDateTime;
            bucket[$"{name}_min_{unit}"] = known.Min(row => row[quantity]);
            bucket[$"{name}_max_{unit}"] = known.Max(row => row[quantity]);
        }

        return bucket;
    }

    private static async Task<List<TestRow>> RawAsync(PortalHost host)
    {
        var columns = string.Join(", ", TestRow.Columns.Select(q => $"\"{q.Column}\"::double precision"));
        await using var command = host.DataSource.CreateCommand($"""SELECT "DeviceId", "Time", {columns} FROM monitoring."PowerMeasurements" """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<TestRow>();
        while (await reader.ReadAsync())
        {
            var values = TestRow.Columns.Select((_, i) => reader.IsDBNull(i + 2) ? (double?)null : reader.GetDouble(i + 2)).ToArray();
            rows.Add(new TestRow(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), values));
        }

        return rows;
    }

    private static async Task<List<Dictionary<string, object?>>> ReadAsync(PortalHost host, string relation)
    {
        await using var command = host.DataSource.CreateCommand($"SELECT * FROM {relation} ORDER BY device_id, bucket");
        await using var reader = await command.ExecuteReaderAsync();
        var buckets = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync())
        {
            buckets.Add(
                Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i))
            );
        }

        return buckets;
    }

    private static DateTime Floor(DateTime instant, TimeSpan length) => new(instant.Ticks - (instant.Ticks % length.Ticks), DateTimeKind.Utc);
}
