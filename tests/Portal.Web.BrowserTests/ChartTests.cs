using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed partial class ChartTests(TestPortal portal)
{
    [BrowserFact]
    public async Task A_chart_asks_for_its_own_pixels_again_when_it_is_zoomed_and_says_what_it_shows()
    {
        await using var visit = await portal.OpenAsync();
        var asked = new List<Uri>();
        visit.Page.Request += (_, request) =>
        {
            if (Asks(request)) asked.Add(new Uri(request.Url));
        };
        await visit.GoAsync("/");
        var chart = visit.Page.Locator("section[aria-label='Cold store'] .chart");
        await Expect(chart).ToHaveAttributeAsync("data-state", "ready");
        await Expect(chart.Locator(".summary")).ToContainTextAsync(Summary());

        var plot = chart.Locator(".plot");
        // It is renewed by itself as well, so what was asked last need not be what the key asked for.
        await visit.Page.RunAndWaitForRequestAsync(() => plot.PressAsync("+"), request => Asks(request) && Span(new Uri(request.Url)) < Span(asked[0]) * 0.7);

        await Expect(chart).ToHaveAttributeAsync("data-moved", "");
        await visit.Page.RunAndWaitForRequestAsync(() => plot.PressAsync("Home"), request => Asks(request) && Span(new Uri(request.Url)) >= Span(asked[0]));
        await Expect(chart).Not.ToHaveAttributeAsync("data-moved", "");
    }

    [BrowserFact]
    public async Task A_chart_says_when_its_curve_cannot_be_had_and_tries_again_by_itself()
    {
        await using var visit = await portal.OpenAsync();
        await visit.Page.RouteAsync("**/api/charts/**", route => route.FulfillAsync(new() { Status = 503 }));
        await visit.GoAsync("/");
        var chart = visit.Page.Locator(".chart").First;
        await Expect(chart).ToHaveAttributeAsync("data-state", "failed");
        await Expect(chart.Locator(".chart-state")).ToHaveTextAsync("The curve can't be shown at the moment; it is tried again by itself.");

        await visit.Page.UnrouteAllAsync();

        await Expect(chart).ToHaveAttributeAsync("data-state", "ready");
    }

    [GeneratedRegex(@"Power: lowest 6\d(\.\d+)? kW, highest 1[34]\d(\.\d+)? kW at \w+ \d+ \w+, \d\d:\d\d, gaps: 1\.")]
    private static partial Regex Summary();

    private bool Asks(IRequest request) => request.Url.Contains($"/api/charts/sites/{portal.Contents.SiteId}?", StringComparison.Ordinal);

    private static long Span(Uri asked)
    {
        var query = System.Web.HttpUtility.ParseQueryString(asked.Query);
        return long.Parse(query["to"]!, System.Globalization.CultureInfo.InvariantCulture) - long.Parse(query["from"]!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
