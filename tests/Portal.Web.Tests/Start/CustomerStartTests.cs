using System.Net;
using Bunit;
using Portal.Contracts.Overview;
using Portal.Web.Start;

namespace Portal.Web.Tests.Start;

public sealed class CustomerStartTests : PageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 30, 0, TimeSpan.FromHours(2));
    private static readonly OverviewPast Past = new([
        new("1", "Cold store", "Africa/Johannesburg", 2_500, false, 185.4, new DateTimeOffset(2026, 11, 11, 10, 30, 0, TimeSpan.FromHours(2))),
        new("2", "Mill", "Africa/Johannesburg", null, false, 90, Now),
    ]);

    [Fact]
    public void Figures_have_units_and_devices_the_age_of_their_newest_reading()
    {
        var page = Page(Site(powerKw: 1352.64, energyKwh: 3214.2, Seen(9), Seen(11 * 60)));

        Assert.Contains("1,352.6", Text(page));
        Assert.Contains("3,214", Text(page));
        Assert.Contains("kWh", Text(page));
        Assert.Equal(["fresh · 9 s", "late · 11 min"], page.FindAll("table .tag").Select(tag => tag.TextContent));
        Assert.Contains("times in Johannesburg", Text(page));
    }

    [Fact]
    public void Today_is_compared_with_yesterday_up_to_now_and_the_months_peak_is_named_with_its_time()
    {
        var page = Page(Site(powerKw: 1, energyKwh: 2_000, Seen(9)));

        Assert.Contains("today is 20 % less", Text(page));
        Assert.Contains("185.4", Text(page));
        Assert.Contains("half-hour from Wed 11 Nov, 10:30, Cold store", Text(page));
    }

    [Fact]
    public void Silent_devices_are_named_longest_silent_first()
    {
        var page = Page(Site(powerKw: 1, energyKwh: 2, Seen(2 * 3600), Seen(9), Seen(30 * 3600)));

        Assert.Equal(["Meter 2", "Meter 0"], page.FindAll(".silent a").Select(device => device.TextContent));
        Assert.Equal("/devices/2", page.Find(".silent a").GetAttribute("href"));
    }

    [Fact]
    public void What_is_not_known_is_a_dash_and_not_zero()
    {
        var page = Page(Site(powerKw: null, energyKwh: null, lastSeen: [null]));

        Assert.Equal(["—kW", "—kWh"], page.FindAll(".figure .value").Take(2).Select(value => value.TextContent.Trim()));
        Assert.Equal("never", page.Find("table .tag").TextContent);
        Assert.Contains("no readings yet", Text(page));
    }

    [Fact]
    public void Old_readings_are_said_to_be_old()
    {
        var page = Page(Site(powerKw: null, energyKwh: 12, Seen(2 * 3600 + 14 * 60)));

        Assert.Contains("No new readings for 2 h 14 min.", page.Find("[role=status]").TextContent);
        Assert.Equal("stale · 2 h 14 min", page.Find("table .tag").TextContent);
    }

    [Fact]
    public void Without_sites_it_says_how_to_begin()
    {
        Assert.Contains("No sites yet", Text(Page()));
    }

    [Fact]
    public void An_api_that_fails_shows_the_failed_state_and_no_figures()
    {
        var page = Render(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        Assert.Contains("The figures can't be shown at the moment.", page.Find("[role=alert]").TextContent);
        Assert.Empty(page.FindAll(".figure"));
    }

    private IRenderedComponent<CustomerStart> Page(params OverviewSite[] sites)
    {
        var answer = new OverviewAnswer(Now, sites.Sum(s => s.PowerKw), sites.Any(s => s.EnergyTodayKwh is null) ? null : sites.Sum(s => s.EnergyTodayKwh), false, sites);
        if (sites.Any(s => s.PowerKw is null))
        {
            answer = answer with { PowerKw = null };
        }

        return Render(_ => new HttpResponseMessage { Content = System.Net.Http.Json.JsonContent.Create(answer) });
    }

    private IRenderedComponent<CustomerStart> Render(Func<HttpRequestMessage, HttpResponseMessage> api)
    {
        Api = request => request.RequestUri!.AbsolutePath == "/api/overview/past" ? new HttpResponseMessage { Content = System.Net.Http.Json.JsonContent.Create(Past) } : api(request);
        return Render<CustomerStart>();
    }

    private static string Text(IRenderedComponent<CustomerStart> page) => string.Join(" ", page.Nodes.Select(node => node.TextContent));

    private static DateTimeOffset? Seen(int secondsAgo) => Now.AddSeconds(-secondsAgo);

    private static OverviewSite Site(double? powerKw, double? energyKwh, params DateTimeOffset?[] lastSeen) =>
        new(
            "1",
            "Cold store",
            "Africa/Johannesburg",
            powerKw,
            energyKwh,
            false,
            new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(2)),
            [.. lastSeen.Select((seen, i) => new OverviewDevice($"{i}", $"Meter {i}", $"AN{i}", "main", seen, null))]
        );
}
