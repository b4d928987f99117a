using Portal.Contracts.Overview;
using Portal.Domain.Energy;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class OverviewTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task The_start_page_gets_power_now_energy_today_and_what_each_meter_last_said()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
        var today = IntervalGrid.Next(IntervalGrid.Floor(api.Clock.GetUtcNow(), IntervalLength.Day, zone), IntervalLength.Day, zone);
        api.Clock.SetUtcNow(today.AddHours(10).ToUniversalTime()); // ten in the morning
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg", "Alpha");
        var empty = await admin.NewSiteAsync("Europe/Berlin", "Beta");
        var main = await admin.NewDeviceAsync(site);
        var sub = await admin.NewDeviceAsync(site, "sub");
        var silent = await admin.NewDeviceAsync(site);
        for (var hour = -1; hour < 10; hour++)
            await api.PostAsync(main.ExternalId, (today.AddHours(hour), $"\"energyImportKwh\":{100 + hour * 4},\"activePowerKw\":4"));
        await api.PostAsync(main.ExternalId, (today.AddHours(10).AddMinutes(-1), "\"energyImportKwh\":140,\"activePowerKw\":4.5"));
        await api.PostAsync(sub.ExternalId, (today.AddHours(10).AddMinutes(-2), "\"activePowerKw\":1.25,\"energyImportKwh\":5"));
        await api.PostAsync(silent.ExternalId, (today.AddHours(9), "\"activePowerKw\":77"));

        using var viewer = await api.ViewerAsync();
        var overview = await (await viewer.GetAsync("/api/overview")).ReadAsync<OverviewAnswer>();
        Assert.Equal((4.5, 40.0, false), (overview.PowerKw, overview.EnergyTodayKwh, overview.EnergyTodayEstimated));
        Assert.Equal(["Alpha", "Beta"], overview.Sites.Select(s => s.Name));
        var alpha = overview.Sites[0];
        Assert.Equal((4.5, 40.0, today), (alpha.PowerKw, alpha.EnergyTodayKwh, alpha.DayStart));
        Assert.Equal(TimeSpan.FromHours(2), alpha.DayStart.Offset);
        var devices = alpha.Devices.ToDictionary(device => device.Id);
        Assert.Equal((today.AddHours(10).AddMinutes(-1), 4.5), (devices[main.Id].LastSeenAt, devices[main.Id].PowerKw));
        Assert.Equal(("sub", 1.25), (devices[sub.Id].Role, devices[sub.Id].PowerKw));
        // An hour old: seen, but no power of now.
        Assert.Equal((today.AddHours(9), null), (devices[silent.Id].LastSeenAt, devices[silent.Id].PowerKw));
        var beta = overview.Sites.Single(s => s.Id == empty.Id);
        Assert.Null(beta.PowerKw);
        Assert.Null(beta.EnergyTodayKwh);
        Assert.Empty(beta.Devices);
    }
}
