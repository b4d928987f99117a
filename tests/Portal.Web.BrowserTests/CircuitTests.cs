using Portal.AppHost.Tests.EndToEnd;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class CircuitTests(TestPortal portal)
{
    [BrowserFact]
    public async Task The_first_paint_has_the_data_and_its_buttons_are_off_until_the_circuit_is_up()
    {
        await using var visit = await portal.OpenAsync();
        // The circuit's script never comes.
        await visit.Page.RouteAsync("**/_framework/blazor.web*", route => route.AbortAsync());
        await PrerenderedAsync(visit);

        await Expect(visit.Page.Locator(".figure").First).ToContainTextAsync("kW");
        await Expect(visit.Page.Locator("main button.sort").First).ToBeDisabledAsync();
    }

    [BrowserFact]
    public async Task The_circuit_takes_the_prerendered_data_over_instead_of_loading_it_again()
    {
        await using var visit = await portal.OpenAsync();
        await visit.Page.AddInitScriptAsync(
            "new MutationObserver(() => { if (document.querySelector('main .loading')) window.flickered = true; }).observe(document, { childList: true, subtree: true });");

        await PrerenderedAsync(visit);
        await visit.LiveAsync();

        Assert.False(await visit.Page.EvaluateAsync<bool>("!!window.flickered"));
    }

    [BrowserFact]
    public async Task A_page_comes_back_by_itself_with_its_state_after_the_web_was_killed()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/");
        await visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Power" }).First.ClickAsync();
        await Expect(visit.Page.Locator("th[aria-sort=ascending]").First).ToContainTextAsync("Power");
        await visit.Page.EvaluateAsync("document.documentElement.dataset.before = ''");

        await portal.KillAsync(status => RunningPortal.Service(status, TestPortal.Customer, "web"));

        await Expect(visit.Page.Locator("html[data-circuit=up]:not([data-before])")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await visit.LiveAsync();
        await Expect(visit.Page.Locator("th[aria-sort=ascending]").First).ToContainTextAsync("Power");
        await visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Power" }).First.ClickAsync();
        await Expect(visit.Page.Locator("th[aria-sort=descending]").First).ToContainTextAsync("Power");
    }

    // A busy machine may take longer for the data than a first paint waits; then the page comes without it, as it should.
    private static async Task PrerenderedAsync(Visit visit)
    {
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            var answer = await visit.Page.GotoAsync("/", new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
            if ((await answer!.TextAsync()).Contains("card figure", StringComparison.Ordinal)) return;
        }

        Assert.Fail("The page never came with its data.");
    }
}
