using System.Globalization;
using System.Net;
using System.Text.Json;
using Portal.Contracts.Energy;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class EnergyTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresTheory]
    [InlineData("2026-03-29", "2026-03-30", 23)] // clocks go forward
    [InlineData("2025-10-26", "2025-10-27", 25)] // and back
    [InlineData("2026-07-01", "2026-07-02", 24)]
    public async Task A_day_has_the_hours_and_the_energy_of_the_sites_clock(string day, string next, int hours)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site);
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var midnight = new DateTime(2026, 1, 1).Add(DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) - new DateTime(2026, 1, 1));
        var start = new DateTimeOffset(midnight, berlin.GetUtcOffset(midnight));
        // Every five minutes 0.5 kWh: 6 kWh an hour, from two hours before the day to two hours after it.
        await api.PostAsync(device.ExternalId, Enumerable.Range(-24, (hours + 4) * 12 + 1).Select(i =>
            (start.AddMinutes(i * 5), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{1_000 + i * 0.5},\"energyExportKwh\":7,\"activePowerKw\":6"))));

        var byDay = await EnergyAsync(admin, $"siteId={site.Id}&from={day}&to={next}&interval=day");
        var one = Assert.Single(byDay.Intervals);
        Assert.Equal(start, one.Start);
        Assert.Equal(start.Offset, one.Start.Offset);
        Assert.Equal((6.0 * hours, 0.0, false), (one.ImportKwh, one.ExportKwh, one.Estimated));
        Assert.Equal(("day", "Europe/Berlin"), (byDay.Interval, byDay.TimeZone));

        var byHour = await EnergyAsync(admin, $"deviceId={device.Id}&from={day}&to={next}&interval=hour");
        Assert.Equal(hours, byHour.Intervals.Count);
        Assert.All(byHour.Intervals, interval => Assert.Equal((6.0, false), (interval.ImportKwh, interval.Estimated)));
        Assert.Equal(byHour.Intervals.Select(interval => interval.Start), Enumerable.Range(0, hours).Select(i => start.AddHours(i)));

        var byQuarter = await EnergyAsync(admin, $"deviceId={device.Id}&from={day}&to={next}&interval=15m");
        Assert.Equal(hours * 4, byQuarter.Intervals.Count);
        Assert.All(byQuarter.Intervals, interval => Assert.Equal(1.5, interval.ImportKwh));
    }

    [PostgresFact]
    public async Task A_range_within_intervals_is_widened_and_every_interval_is_there_with_null_where_nothing_is_known()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Asia/Kolkata"); // half an hour off UTC
        var device = await admin.NewDeviceAsync(site);
        var ten = new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.FromHours(5.5));
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 61).Select(i =>
            (ten.AddMinutes(i), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{100 + i * 0.25}"))));

        var raw = await (await admin.GetAsync($"/api/energy?deviceId={device.Id}&from=2026-07-01T09:20&to=2026-07-01T11:40&interval=hour")).JsonAsync();
        var intervals = raw.GetProperty("intervals").EnumerateArray().ToList();
        Assert.Equal(["2026-07-01T09:00:00+05:30", "2026-07-01T10:00:00+05:30", "2026-07-01T11:00:00+05:30"], intervals.Select(i => i.GetProperty("start").GetString()));
        Assert.Equal(JsonValueKind.Null, intervals[0].GetProperty("importKwh").ValueKind);
        Assert.Equal("15", intervals[1].GetProperty("importKwh").GetRawText());
        Assert.False(intervals[1].GetProperty("estimated").GetBoolean());
        Assert.Equal(JsonValueKind.Null, intervals[1].GetProperty("exportKwh").ValueKind);
        Assert.Equal(JsonValueKind.Null, intervals[2].GetProperty("importKwh").ValueKind);
    }

    [PostgresFact]
    public async Task A_site_adds_up_its_mains_alone_and_months_follow_its_clock()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("America/New_York");
        var start = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.FromHours(-4));
        foreach (var (role, perHour) in ((string, double)[])[("main", 2), ("main", 3), ("sub", 10), ("generation", 20), ("check", 40)])
        {
            var device = await admin.NewDeviceAsync(site, role);
            await api.PostAsync(device.ExternalId, Enumerable.Range(0, 31 * 24 + 1).Select(hour =>
                (start.AddHours(hour), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{hour * perHour}"))));
        }

        var month = await EnergyAsync(admin, $"siteId={site.Id}&from={Meters.Query(start)}&to={Meters.Query(start.AddDays(31))}&interval=month");
        Assert.Equal((start, 5.0 * 31 * 24), (Assert.Single(month.Intervals).Start, month.Intervals[0].ImportKwh));
    }

    [PostgresTheory]
    [InlineData("from=2026-07-01&to=2026-07-02&interval=day", "siteId")]
    [InlineData("siteId={0}&deviceId={1}&from=2026-07-01&to=2026-07-02&interval=day", "deviceId")]
    [InlineData("siteId={0}&from=2026-07-01&to=2026-07-02", "interval")]
    [InlineData("siteId={0}&from=2026-07-01&to=2026-07-02&interval=5m", "interval")]
    [InlineData("siteId={0}&from=2026-01-01&to=2026-07-02&interval=15m", "interval")]
    [InlineData("deviceId={1}&from=1971-01-01&to=2199-01-01&interval=month", "from")]
    [InlineData("siteId={0}&from=2026-07-02&to=2026-07-02&interval=day", "to")]
    [InlineData("siteId={0}&interval=day", "from", "to")]
    public async Task A_bad_query_names_the_field(string query, params string[] fields)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site);
        using var answer = await admin.GetAsync("/api/energy?" + string.Format(CultureInfo.InvariantCulture, query, site.Id, device.Id));
        await answer.InvalidAsync(fields);
    }

    [PostgresTheory]
    [InlineData("siteId=00000000-0000-0000-0000-000000000000")]
    [InlineData("siteId=mill")]
    [InlineData("deviceId=2147483647")]
    [InlineData("deviceId=-1")]
    [InlineData("deviceId=incomer")]
    public async Task An_unknown_site_or_device_is_not_found(string query)
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.GetAsync($"/api/energy?{query}&from=2026-07-01&to=2026-07-02&interval=day");
        await answer.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<EnergyAnswer> EnergyAsync(HttpClient client, string query) =>
        await (await client.GetAsync($"/api/energy?{query}")).ReadAsync<EnergyAnswer>(HttpStatusCode.OK);
}
