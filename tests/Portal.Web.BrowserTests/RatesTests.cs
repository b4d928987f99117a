using Microsoft.Playwright;
using Portal.AppHost.Tests.EndToEnd;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class RatesTests(TestPortal portal)
{
    // A Wednesday in South Africa.
    private static readonly DateTimeOffset Midnight = new(2025, 10, 15, 0, 0, 0, TimeSpan.FromHours(2));

    [BrowserFact]
    public async Task A_shipped_tariff_is_approved_and_assigned_and_a_line_of_the_bill_is_explained_down_to_its_intervals()
    {
        var site = await SiteAsync();
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/rates");
        await Row(visit, "Time of use with demand").GetByRole(AriaRole.Button, new() { Name = "Add as draft" }).ClickAsync();
        await Button(visit, "Approve").ClickAsync();
        await visit.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(Button(visit, "Withdraw")).ToBeVisibleAsync();

        await visit.GoAsync($"/costs?site={site}&month=2025-10");
        await Button(visit, "Assign a tariff").ClickAsync();
        var dialog = visit.Page.Locator(".form-dialog");
        await dialog.Locator("select[name=tariffId]").SelectOptionAsync(new SelectOptionValue { Label = "Example utility · Time of use with demand" });
        await dialog.Locator("input[name=from]").FillAsync("2025-10-01");
        await dialog.Locator("button[type=submit]").ClickAsync();

        // 60 kW through the five peak hours of the day, at 2.50 a kWh.
        var line = Row(visit, "low · peak").First;
        await Expect(line.Locator("td[data-label=Quantity]")).ToContainTextAsync("300");
        await Expect(line.Locator("td[data-label=Amount]")).ToHaveTextAsync("750.00");
        await line.GetByRole(AriaRole.Button, new() { Name = "Why?" }).ClickAsync();
        var why = visit.Page.Locator("tr.why");
        await Expect(why).ToContainTextAsync("Example for trying out; nobody charges these prices");
        await Expect(why).ToContainTextAsync("City Power");
        await why.GetByRole(AriaRole.Button, new() { Name = "15 Oct 2025" }).ClickAsync();
        await Expect(why.Locator(".intervals li").First).ToContainTextAsync("07:00");
        await Expect(why.Locator(".intervals li").Last).ToContainTextAsync("20:00");
        Assert.Empty(await Axe.SeriousAsync(visit.Page));
        Assert.Empty(visit.Complaints);
    }

    // A site that draws 60 kW from one midnight to the next.
    private async Task<string> SiteAsync()
    {
        using var client = await StackClient.SignInAsync(portal.Port, TestPortal.Customer);
        var site = (string)(await client.CreateAsync("/api/sites", new { name = "Foundry", timeZone = "Africa/Johannesburg" }))["id"]!;
        await client.CreateAsync("/api/devices", new { siteId = site, name = "Foundry incomer", externalId = "AN820001", model = "Acuvim II", role = "main" });
        var measurements = Enumerable.Range(0, 24 * 12 + 1)
            .Select(step => new { externalId = "AN820001", time = Midnight.AddMinutes(step * 5), activePowerKw = 60.0, energyImportKwh = 1_000 + step * 5.0 });
        await client.MeterPostAsync("/api/ingest/measurements", await client.AddKeyAsync(), new { measurements });
        return site;
    }

    private static ILocator Button(Visit visit, string name) => visit.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Row(Visit visit, string text) => visit.Page.Locator("tr").Filter(new() { HasText = text });
}
