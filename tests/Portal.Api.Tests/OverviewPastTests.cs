using Portal.Contracts.Overview;
using Portal.Domain.Energy;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class OverviewPastTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task The_past_has_yesterday_up_to_this_time_of_day_and_the_months_peak_of_half_hours_that_are_over()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
        var month = IntervalGrid.Next(IntervalGrid.Floor(api.Clock.GetUtcNow(), IntervalLength.Month, zone), IntervalLength.Month, zone);
        var today = month.AddDays(3);
        api.Clock.SetUtcNow(today.AddHours(10).AddMinutes(40).ToUniversalTime());
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg", "Gamma");
        var main = await admin.NewDeviceAsync(site);
        var other = await admin.NewDeviceAsync(site);
        for (var quarter = -4; quarter <= 4 * 24; quarter++)
            await api.PostAsync(main.ExternalId, (today.AddDays(-1).AddMinutes(15 * quarter), $"\"energyImportKwh\":{100 + quarter},\"activePowerKw\":4"));
        // The peak of both together, and a higher one of the half-hour that runs.
        await api.PostAsync(main.ExternalId, (today.AddHours(8), "\"activePowerKw\":20"), (today.AddHours(8.25), "\"activePowerKw\":30"), (today.AddHours(10.5), "\"activePowerKw\":900"));
        await api.PostAsync(other.ExternalId, (today.AddHours(8), "\"activePowerKw\":7"), (today.AddHours(8.25), "\"activePowerKw\":7"), (today.AddHours(9), "\"activePowerKw\":500"));

        var past = await (await admin.GetAsync("/api/overview/past")).ReadAsync<OverviewPast>();

        var gamma = past.Sites.Single(s => s.Id == site.Id);
        Assert.Equal(42.666667, gamma.YesterdayKwh!.Value, 3);
        Assert.Equal((32.0, today.AddHours(8)), (gamma.PeakKw, gamma.PeakAt));
    }
}
