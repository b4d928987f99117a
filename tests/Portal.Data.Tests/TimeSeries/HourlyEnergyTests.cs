using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Testing;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>The SQL function gives what <see cref="RegisterCurve"/> gives, hour by hour.</summary>
public sealed class HourlyEnergyTests
{
    internal static readonly DateTimeOffset Start = new(2024, 10, 31, 0, 0, 0, TimeSpan.Zero);
    internal static readonly TimeSpan Length = TimeSpan.FromHours(48);

    [PostgresTheory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Energy_is_that_of_the_domain_for_meters_with_gaps_resets_and_late_columns(int seed)
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("energy"));
        await FillAsync(host, seed, devices: 6);
        await host.TimeSeries.RefreshAsync(default);

        await AssertSameAsync(host, Start, Start + Length);
        await AssertSameAsync(host, Start.AddHours(7), Start.AddHours(19)); // what lies before and after counts at the edges
        await AssertSameAsync(host, Start.AddHours(-30), Start.AddHours(2));
        await AssertSameAsync(host, Start.AddHours(47), Start.AddHours(80));
    }

    [PostgresFact]
    public async Task A_gap_is_spread_over_its_hours_and_said_to_be_an_estimate()
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("energy"));
        await TestDevices.CreateAsync(host, 1);
        await TestRows.WriteAsync(
            host,
            TestRow.Of(1, Start, 10, 100),
            TestRow.Of(1, Start.AddHours(1), 10, 110),
            TestRow.Of(1, Start.AddHours(5), 10, 150)
        );

        var hours = await ReadAsync(host, Start, Start.AddHours(8));

        Assert.Equal([10, 10, 10, 10, 10], hours.Values.Select(hour => Math.Round(hour.Import!.Value, 9)));
        Assert.Equal([false, true, true, true, true], hours.Values.Select(hour => hour.Estimated));
        Assert.All(hours.Values, hour => Assert.Null(hour.Export));
    }

    internal static async Task FillAsync(PortalHost host, int seed, int devices)
    {
        await TestDevices.CreateAsync(host, devices);
        var random = new Random(seed);
        for (var device = 1; device <= devices; device++)
        {
            await TestRows.WriteAsync(host, Meter(random, device));
        }
    }

    internal static async Task AssertSameAsync(PortalHost host, DateTimeOffset from, DateTimeOffset to)
    {
        var actual = await ReadAsync(host, from, to);
        var registers = new RegisterQueries(host.DataSource);
        var devices = await host.ScalarAsync<int[]>("""SELECT array_agg("Id") FROM monitoring."Devices" """) ?? [];
        var imports = await registers.CurvesAsync(devices, RolledUpRegister.Import, from, to, hourly: true, default);
        var exports = await registers.CurvesAsync(devices, RolledUpRegister.Export, from, to, hourly: true, default);
        var known = 0;
        foreach (var device in devices)
        {
            for (var hour = from; hour < to; hour = hour.AddHours(1))
            {
                var import = imports[device].Over(hour, hour.AddHours(1));
                var export = exports[device].Over(hour, hour.AddHours(1));
                var what = $"device {device}, {hour:o}";
                if (import.Value is null && export.Value is null)
                {
                    Assert.False(actual.ContainsKey((device, hour)), what);
                    continue;
                }

                known++;
                Assert.True(actual.TryGetValue((device, hour), out var energy), what);
                AssertClose(import.Value, energy.Import, what);
                AssertClose(export.Value, energy.Export, what);
                Assert.True((import.Estimated || export.Estimated) == energy.Estimated, what);
            }
        }

        Assert.Equal(known, actual.Count);
    }

    /// <summary>Two registers that grow, at their own paces, with gaps, instants on whole hours, resets to zero and to elsewhere.</summary>
    private static List<TestRow> Meter(Random random, int device)
    {
        var rows = new List<TestRow>();
        var step = TimeSpan.FromMinutes(random.Next(1, 4) switch { 1 => 1, 2 => 5, _ => 20 });
        var (import, export) = (random.NextDouble() * 1e6, random.Next(2) == 0 ? (double?)null : 0);
        for (var time = Start + TimeSpan.FromSeconds(random.Next(2) * random.Next(40_000)); time < Start + Length; time += step)
        {
            if (random.Next(60) == 0)
            {
                time += TimeSpan.FromMinutes(random.Next(5, 400));
            }

            var power = random.Next(-20, 200);
            import += Math.Max(0, power) * step.TotalHours;
            export += Math.Max(0, -power) * step.TotalHours;
            if (random.Next(200) == 0)
            {
                import = random.Next(3) == 0 ? 500_000 : 0;
            }

            if (time >= Start + Length)
            {
                break;
            }

            rows.Add(
                new TestRow(
                    device,
                    time,
                    [
                        random.Next(3) == 0 ? null : power,
                        null,
                        null,
                        null,
                        null,
                        random.Next(3) == 0 ? null : Math.Round(import, 2),
                        random.Next(4) == 0 ? null : export,
                        null,
                        null,
                    ]
                )
            );
        }

        return rows;
    }

    private static void AssertClose(double? expected, double? actual, string what)
    {
        Assert.True(expected is null == actual is null, $"{what}: {actual} instead of {expected}");
        Assert.True(expected is null || Math.Abs(expected.Value - actual!.Value) < 1e-6, $"{what}: {actual} instead of {expected}");
    }

    private static async Task<Dictionary<(int Device, DateTimeOffset Hour), (double? Import, double? Export, bool Estimated)>> ReadAsync(
        PortalHost host,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        await using var command = host.DataSource.CreateCommand("SELECT * FROM monitoring.hourly_energy($1, $2) ORDER BY device_id, bucket");
        command.Parameters.Add(new() { Value = from.UtcDateTime });
        command.Parameters.Add(new() { Value = to.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync();
        var hours = new Dictionary<(int, DateTimeOffset), (double?, double?, bool)>();
        while (await reader.ReadAsync())
        {
            hours.Add(
                (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1)),
                (reader.IsDBNull(2) ? null : reader.GetDouble(2), reader.IsDBNull(3) ? null : reader.GetDouble(3), reader.GetBoolean(4))
            );
        }

        return hours;
    }
}
