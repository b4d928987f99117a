using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.Queries;

/// <summary>From rows to kilowatt-hours, before and after the roll-ups have followed.</summary>
public sealed class EnergyQueriesTests : IAsyncLifetime
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // The day on which Berlin's clock goes back: 25 hours, 24 October 22:00 UTC to 25 October 23:00 UTC.
    private static readonly DateTimeOffset Midnight = new(2026, 10, 25, 0, 0, 0, TimeSpan.FromHours(2));

    private readonly FakeTimeProvider clock = new(Midnight.AddHours(10));
    private PortalHost host = null!;
    private int meter;

    private EnergyQueries Energy => host.Services.GetRequiredService<EnergyQueries>();

    public async Task InitializeAsync()
    {
        host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("energy"), clock);
        await host.ExecuteAsync(
            """INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ('00000000-0000-0000-0000-000000000001', 'Depot', 'Europe/Berlin', now())""");
        meter = await DeviceAsync("AN1");
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_day_of_25_hours_has_25_hours_of_energy_that_add_up_to_it(bool rolledUp)
    {
        clock.SetUtcNow(Midnight.AddHours(40));
        // 0.1 kWh a minute, at every minute.
        await PostAsync("AN1", Enumerable.Range(0, 25 * 60 + 30).Select(m => (Midnight.AddMinutes(m), 1000 + m * 0.1)));
        if (rolledUp)
        {
            await RollUpAsync();
        }

        var hours = await Energy.IntervalsAsync([meter], Edges(IntervalLength.Hour), CancellationToken.None);
        var day = Assert.Single(await Energy.IntervalsAsync([meter], Edges(IntervalLength.Day), CancellationToken.None));
        var quarters = await Energy.IntervalsAsync([meter], Edges(IntervalLength.QuarterHour), CancellationToken.None);

        Assert.Equal(25, hours.Count);
        Assert.All(hours, hour => Assert.Equal((6.0, false), (Math.Round(hour.ImportKwh!.Value, 6), hour.Estimated)));
        Assert.Equal(100, quarters.Count);
        Assert.All(quarters, quarter => Assert.Equal((1.5, false), (Math.Round(quarter.ImportKwh!.Value, 6), quarter.Estimated)));
        Assert.Equal((150.0, false), (Math.Round(day.ImportKwh!.Value, 6), day.Estimated));
        Assert.Null(day.ExportKwh);
        Assert.Equal(TimeSpan.FromHours(2), hours[2].Start.Offset);
        Assert.Equal(TimeSpan.FromHours(1), hours[3].Start.Offset);
    }

    [PostgresFact]
    public async Task The_last_reading_before_a_range_and_the_first_after_it_count()
    {
        clock.SetUtcNow(Midnight.AddHours(40));
        await PostAsync("AN1", [(Midnight.AddHours(-3), 100), (Midnight.AddHours(28), 131)]);

        var hours = await Energy.IntervalsAsync([meter], Edges(IntervalLength.Hour), CancellationToken.None);

        // 31 kWh over 31 hours: every hour of the day is interpolated, and says so.
        Assert.All(hours, hour => Assert.Equal((1.0, true), (Math.Round(hour.ImportKwh!.Value, 6), hour.Estimated)));
    }

    [PostgresFact]
    public async Task A_site_is_the_sum_of_its_meters_and_one_gone_silent_makes_it_an_estimate()
    {
        clock.SetUtcNow(Midnight.AddHours(40));
        var second = await DeviceAsync("AN2");
        await PostAsync("AN1", Enumerable.Range(0, 26).Select(h => (Midnight.AddHours(h), 10.0 * h)));
        await PostAsync("AN2", Enumerable.Range(0, 13).Select(h => (Midnight.AddHours(h), 5.0 * h)));

        var hours = await Energy.IntervalsAsync([meter, second], Edges(IntervalLength.Hour), CancellationToken.None);

        Assert.All(hours.Take(12), hour => Assert.Equal((15.0, false), (hour.ImportKwh, hour.Estimated)));
        Assert.All(hours.Skip(12), hour => Assert.Equal((10.0, true), (hour.ImportKwh, hour.Estimated)));
    }

    [PostgresFact]
    public async Task Late_rows_change_energy_at_once_before_and_after_the_roll_ups_follow()
    {
        clock.SetUtcNow(Midnight.AddHours(40));
        await PostAsync("AN1", [(Midnight, 0), (Midnight.AddHours(2), 20)]);
        await RollUpAsync();
        Assert.Equal([10.0, 10.0], await FirstTwoHoursAsync());

        await PostAsync("AN1", [(Midnight.AddHours(1), 4)]);

        Assert.Equal([4.0, 16.0], await FirstTwoHoursAsync());
        await RollUpAsync();
        Assert.Equal([4.0, 16.0], await FirstTwoHoursAsync());
    }

    [PostgresFact]
    public async Task Today_counts_from_midnight_on_the_sites_clock_to_the_newest_reading()
    {
        var overview = host.Services.GetRequiredService<OverviewQueries>();
        await PostAsync("AN1", [(Midnight.AddHours(-1), 90), (Midnight, 100), (Midnight.AddHours(9.5), 119)]);

        Assert.Equal((19.0, false), await TodayAsync());

        clock.SetUtcNow(Midnight.AddHours(25).AddMinutes(5));
        Assert.Equal((null, false), await TodayAsync());

        async Task<(double?, bool)> TodayAsync()
        {
            var today = (await overview.TodayAsync([[meter]], Berlin, CancellationToken.None))[0];
            return (today.Value, today.Estimated);
        }
    }

    [PostgresFact]
    public async Task Now_is_the_newest_power_unless_it_is_old()
    {
        var overview = host.Services.GetRequiredService<OverviewQueries>();
        var silent = await DeviceAsync("AN3");
        var batch = new MeasurementBatch();
        AddRow(batch, "AN1", clock.GetUtcNow().AddMinutes(-2), Quantities.ActivePowerKw, 12.34);
        AddRow(batch, "AN1", clock.GetUtcNow().AddMinutes(-1), Quantities.EnergyImportKwh, 5);
        await WriteAsync(batch);

        var now = await overview.NowAsync([meter, silent], CancellationToken.None);

        Assert.Equal(clock.GetUtcNow().AddMinutes(-1), now[meter].LastSeenAt);
        Assert.Equal(12.34, now[meter].PowerKw!.Value, 5);
        Assert.Equal(new DeviceNow(silent, null, null), now[silent]);
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Null((await overview.NowAsync([meter], CancellationToken.None))[meter].PowerKw);
    }

    private static List<DateTimeOffset> Edges(IntervalLength length) => IntervalGrid.Edges(Midnight, Midnight.AddHours(25), length, Berlin, 200)!;

    private async Task<List<double>> FirstTwoHoursAsync() =>
        [.. (await Energy.IntervalsAsync([meter], Edges(IntervalLength.Hour), CancellationToken.None)).Take(2).Select(hour => hour.ImportKwh!.Value)];

    private async Task<int> DeviceAsync(string serial) =>
        await host.ScalarAsync<int>(
            $"""
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
            VALUES ('00000000-0000-0000-0000-000000000001', '{serial}', '{serial}', 'Main', now()) RETURNING "Id"
            """);

    private async Task PostAsync(string serial, IEnumerable<(DateTimeOffset Time, double ImportKwh)> readings)
    {
        var batch = new MeasurementBatch();
        foreach (var (time, reading) in readings)
        {
            AddRow(batch, serial, time, Quantities.EnergyImportKwh, reading);
        }

        await WriteAsync(batch);
    }

    private static void AddRow(MeasurementBatch batch, string serial, DateTimeOffset time, Quantity quantity, double value)
    {
        var row = batch.Add(new RowKey(batch.Device(serial), time.UtcTicks, false, batch.Count), out _);
        batch.Fill(row, quantity, value);
    }

    private async Task WriteAsync(MeasurementBatch batch)
    {
        var result = await host.Services.GetRequiredService<MeasurementWriter>().WriteAsync(batch, CancellationToken.None);
        Assert.All(result.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
    }

    private async Task RollUpAsync()
    {
        while (await host.ScalarAsync<bool>("""SELECT EXISTS (SELECT FROM monitoring."TouchedRanges")"""))
        {
            await host.TimeSeries.RefreshAsync(CancellationToken.None);
        }
    }
}
