using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Testing;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>However far off the readings before and after a range are, they are found: energy over a part is that of all readings.</summary>
public sealed class RegisterCurveEdgesTests
{
    private static readonly DateTimeOffset Start = new(2024, 10, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RolledUpRegister[] Registers = Enum.GetValues<RolledUpRegister>();

    [PostgresTheory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Readings_with_gaps_of_days_count_at_the_edges_of_any_range(int seed)
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("edges"));
        await AssertAsync(host, seed, () => TestRows.RefreshAllAsync(host), () => Task.CompletedTask);
    }

    [TimescaleFact]
    public async Task Readings_with_gaps_of_days_count_at_the_edges_on_TimescaleDB()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var host = await PortalHost.MigratedAsync(server.ConnectionString);
        await AssertAsync(host, 23, () => TestPolicies.RunAsync(host), () => TestRows.RefreshAllAsync(host));
    }

    /// <param name="seeLateAsync">What it takes until late rows show.</param>
    private static async Task AssertAsync(PortalHost host, int seed, Func<Task> rollUpAsync, Func<Task> seeLateAsync)
    {
        await TestDevices.CreateAsync(host, 2);
        var random = new Random(seed);
        List<TestRow> rows = [.. Readings(1, random), .. Readings(2, random)];
        var late = rows.ToLookup(_ => random.Next(5) == 0);

        // Nothing rolled up, rolled up and touched again since, and all rolled up; statements are kept prepared from one to the next.
        await TestRows.WriteAsync(host, [.. late[false]]);
        await AssertPartsAsync(host, [.. late[false]], random);
        await rollUpAsync();
        await TestRows.WriteAsync(host, [.. late[true]]);
        await seeLateAsync();
        await AssertPartsAsync(host, rows, random);
        await rollUpAsync();
        await AssertPartsAsync(host, rows, random);
    }

    /// <summary>Some readings close together, then nothing for up to four days. Reactive energy is known less often, what is fed in for some days only.</summary>
    private static IEnumerable<TestRow> Readings(int device, Random random)
    {
        for (var (at, kwh) = (Start, 100.0); at < Start.AddDays(30); at = at.AddMinutes(random.Next(4) == 0 ? random.Next(60, 4 * 1440) : random.Next(1, 20)))
        {
            kwh += random.Next(1, 20);
            double? reactive = random.Next(3) == 0 ? kwh / 3 : null;
            double? fedIn = device == 2 && at > Start.AddDays(12) && at < Start.AddDays(20) ? kwh / 5 : null;
            yield return new TestRow(device, at, [10, null, 12, null, null, kwh, null, reactive, fedIn]);
        }
    }

    private static async Task AssertPartsAsync(PortalHost host, List<TestRow> rows, Random random)
    {
        var registers = new RegisterQueries(host.DataSource);
        for (var i = 0; i < 60; i++)
        {
            var hourly = i % 2 == 0;
            var step = hourly ? 60 : 15;
            var from = Start.AddMinutes(step * random.Next(-100, 32 * 1440 / step));
            var to = from.AddMinutes(step * random.Next(1, 200));
            var parts = await registers.CurvesAsync([1, 2], i % 3 == 0 ? [RolledUpRegister.Import] : Registers, from, to, hourly, default);
            foreach (var (register, device) in parts.Keys.SelectMany(register => (IEnumerable<(RolledUpRegister, int)>)[(register, 1), (register, 2)]))
            {
                var (expected, actual) = (Whole(rows, register, device).Over(from, to), parts[register][device].Over(from, to));
                Assert.True(
                    expected.Value is null == actual.Value is null && Math.Abs((expected.Value ?? 0) - (actual.Value ?? 0)) < 1e-6 && expected.Estimated == actual.Estimated,
                    $"{register} of {device}, {from:o} to {to:o}: {actual}, not {expected}");
            }
        }
    }

    /// <summary>The curve of all readings of a register, which has every reading as a corner.</summary>
    private static RegisterCurve Whole(List<TestRow> rows, RolledUpRegister register, int device)
    {
        var column = TestRow.Columns.Length - Registers.Length + (int)register;
        return new RegisterCurve(rows
            .Where(row => row.DeviceId == device && row.Values[column] is not null)
            .OrderBy(row => row.Time)
            .Select(row => (row.Time, row.Values[column]!.Value))
            .Select(reading => new RegisterBucket(reading.Time, reading.Value, reading.Time, reading.Value, reading.Value, reading.Value, 10)));
    }
}
