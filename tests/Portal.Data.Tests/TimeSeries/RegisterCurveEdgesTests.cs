using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Testing;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>However far off the readings before and after a range are, they are found: energy over a part is that of the whole curve.</summary>
public sealed class RegisterCurveEdgesTests
{
    private static readonly DateTimeOffset Start = new(2024, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [PostgresTheory]
    [InlineData(21, false)]
    [InlineData(22, true)]
    public async Task Readings_with_gaps_of_days_count_at_the_edges_of_any_range(int seed, bool rolledUp)
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("edges"));
        await AssertAsync(host, seed, rolledUp);
    }

    [TimescaleFact]
    public async Task Readings_with_gaps_of_days_count_at_the_edges_on_TimescaleDB()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var host = await PortalHost.MigratedAsync(server.ConnectionString);
        await AssertAsync(host, 23, rolledUp: false);
    }

    private static async Task AssertAsync(PortalHost host, int seed, bool rolledUp)
    {
        await TestDevices.CreateAsync(host, 1);
        var random = new Random(seed);
        var rows = new List<TestRow>();
        // Some readings close together, then nothing for up to four days.
        for (var (at, kwh) = (Start, 100.0); at < Start.AddDays(30); at = at.AddMinutes(random.Next(4) == 0 ? random.Next(60, 4 * 1440) : random.Next(1, 20)))
        {
            rows.Add(TestRow.Of(1, at, 10, kwh += random.Next(1, 20)));
        }

        await TestRows.WriteAsync(host, [.. rows]);
        if (rolledUp)
        {
            await host.TimeSeries.RefreshAsync(default);
        }

        var registers = new RegisterQueries(host.DataSource);
        var whole = (await registers.CurvesAsync([1], RolledUpRegister.Import, Start.AddDays(-1), Start.AddDays(40), hourly: false, default))[1];
        for (var i = 0; i < 60; i++)
        {
            var from = Start.AddMinutes(15 * random.Next(-100, 32 * 96));
            var to = from.AddMinutes(15 * random.Next(1, 200));
            var part = (await registers.CurvesAsync([1], RolledUpRegister.Import, from, to, hourly: false, default))[1];
            var (expected, actual) = (whole.Over(from, to), part.Over(from, to));
            Assert.True(
                expected.Value is null == actual.Value is null && Math.Abs((expected.Value ?? 0) - (actual.Value ?? 0)) < 1e-6 && expected.Estimated == actual.Estimated,
                $"{from:o} to {to:o}: {actual}, not {expected}");
        }
    }
}
