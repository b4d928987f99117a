using Portal.Contracts.Measurements;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class SeriesTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task Curves_give_mean_lowest_and_highest_and_the_last_reading_of_a_register()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var noon = new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);
        await api.PostAsync(
            device.ExternalId,
            (noon, "\"activePowerKw\":1,\"energyImportKwh\":100"),
            (noon.AddMinutes(7), "\"activePowerKw\":5"),
            (noon.AddMinutes(14), "\"activePowerKw\":3,\"energyImportKwh\":101"),
            (noon.AddMinutes(45), "\"energyImportKwh\":102"));

        var answer = await (await admin.GetAsync(
            $"/api/devices/{device.Id}/series?from=2026-07-01T12:00&to=2026-07-01T13:00&interval=15m&registers=activePowerKw,energyImportKwh")).ReadAsync<SeriesAnswer>();
        Assert.Equal(("15m", "Europe/Berlin"), (answer.Interval, answer.TimeZone));
        Assert.Equal([noon, noon.AddMinutes(45)], answer.Starts);
        Assert.Equal(TimeSpan.FromHours(2), answer.Starts[0].Offset);
        Assert.Equal([3, 1], answer.Samples);
        var (power, energy) = (answer.Series[0], answer.Series[1]);
        Assert.Equal(("activePowerKw", "kW", "energyImportKwh", "kWh"), (power.Name, power.Unit, energy.Name, energy.Unit));
        Assert.Equal([3.0, null], power.Mean);
        Assert.Equal([1.0, null], power.Min);
        Assert.Equal([5.0, null], power.Max);
        Assert.Equal([101.0, 102.0], energy.Mean);
    }

    [PostgresTheory]
    [InlineData("2026-07-01", "2026-07-01T06:00", "1m")]
    [InlineData("2026-07-01", "2026-07-02", "5m")]
    [InlineData("2026-07-01", "2026-07-08", "15m")]
    [InlineData("2026-07-01", "2026-08-01", "hour")]
    [InlineData("2026-01-01", "2027-01-01", "day")]
    public async Task The_interval_suits_the_range_where_none_is_asked_for(string from, string to, string interval)
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var answer = await (await admin.GetAsync($"/api/devices/{device.Id}/series?from={from}&to={to}")).ReadAsync<SeriesAnswer>();
        Assert.Equal(interval, answer.Interval);
        Assert.Equal("activePowerKw", Assert.Single(answer.Series).Name);
    }

    [PostgresTheory]
    [InlineData("to=2026-07-02", "from")]
    [InlineData("", "from", "to")]
    [InlineData("from=2026-07-01&to=2026-07-02&interval=2h", "interval")]
    [InlineData("from=2026-07-01&to=2026-07-08&interval=1m", "interval")]
    [InlineData("from=2024-07-01&to=2026-07-08", "from")]
    [InlineData("from=2026-07-01&to=2026-07-02&registers=volts", "registers")]
    [InlineData("from=2026-07-01&to=2026-07-02&registers=loadType", "registers")]
    [InlineData("from=2026-07-01&to=2026-07-02&registers=activePowerKw;DROP", "registers")]
    public async Task A_bad_query_names_the_field(string query, params string[] fields)
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        using var answer = await admin.GetAsync($"/api/devices/{device.Id}/series?{query}");
        await answer.InvalidAsync(fields);
    }
}
