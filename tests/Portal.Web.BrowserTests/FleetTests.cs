using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.AppHost.Topology;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed partial class FleetTests(TestPortal portal)
{
    [BrowserFact]
    public async Task A_customer_is_registered_gets_its_token_once_and_is_rotated_disabled_and_deleted()
    {
        await using var visit = await portal.OpenAsync(Stacks.AdminCode);
        var page = visit.Page;
        await visit.GoAsync("/admin/customers");

        await ButtonAsync(page, "Register customer");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Code").FillAsync("a!");
        await dialog.GetByLabel("Name").FillAsync("Walked by a browser");
        await dialog.GetByLabel("Name").PressAsync("Enter");
        await Expect(dialog.Locator(".field-error")).ToContainTextAsync("A customer code is 3 to 12");
        Assert.Empty(await Axe.SeriousAsync(page));
        await dialog.GetByLabel("Code").FillAsync("web0001");
        await ButtonAsync(dialog, "Register");

        var first = await TokenAsync(page);
        await Expect(page.Locator(".lines pre")).ToHaveTextAsync($"FleetIngest__Enabled=true\nFleetIngest__Url={portal.Url(Stacks.AdminCode, "/api/fleet/ingest")}\nFleetIngest__Token={first}");
        Assert.Empty(await Axe.SeriousAsync(page));
        await LeaveIsAskedAsync(page);
        await ButtonAsync(page, "I have stored it");
        await Expect(page.Locator(".secret")).ToHaveCountAsync(0);
        Assert.DoesNotContain(first, await page.ContentAsync(), StringComparison.Ordinal);

        var row = page.Locator("tr", new() { HasText = "WEB0001" });
        await ButtonAsync(row, "Edit");
        await dialog.GetByLabel("Name").FillAsync("Edited by a browser");
        await ButtonAsync(dialog, "Save");
        await Expect(row).ToContainTextAsync("Edited by a browser");
        await Expect(page).ToHaveURLAsync(portal.Url(Stacks.AdminCode, "/admin/customers"));

        await row.GetByText("never").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(Detail());
        await Expect(page.Locator("h1")).ToHaveTextAsync("WEB0001 · Edited by a browser");
        await ButtonAsync(page, "Rotate token");
        await ButtonAsync(dialog, "Rotate token");
        Assert.NotEqual(first, await TokenAsync(page));
        await ButtonAsync(page, "I have stored it");

        await ButtonAsync(page, "Disable");
        await ButtonAsync(dialog, "Disable");
        await Expect(page.Locator(".notice")).ToContainTextAsync("This customer is disabled.");

        await ButtonAsync(page, "Delete");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByLabel("Type WEB0001 to confirm.").FillAsync("WEB0001");
        await ButtonAsync(dialog, "Delete");
        await Expect(page).ToHaveURLAsync(portal.Url(Stacks.AdminCode, "/admin/customers"));
        await Expect(page.Locator("tr", new() { HasText = "WEB0001" })).ToHaveCountAsync(0);

        await visit.GoAsync("/admin/audit?q=web0001");
        await Expect(page.Locator("td.heads b")).ToHaveTextAsync(["Deleted", "Edited", "Token rotated", "Edited", "Registered"]);
        Assert.True(visit.Complaints.Count == 0, string.Join(Environment.NewLine, visit.Complaints));
    }

    [BrowserFact]
    public async Task The_dashboard_leads_to_a_customer_whose_tabs_are_addresses_to_go_back_from()
    {
        await using var visit = await portal.OpenAsync(Stacks.AdminCode);
        var page = visit.Page;
        await visit.GoAsync("/");
        await Expect(page.Locator(".figure .value")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(TestPortal.Customer);
        await Expect(page).ToHaveURLAsync(portal.Url(Stacks.AdminCode, $"/?q={TestPortal.Customer}"));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        // By keyboard: the row's heading is a link.
        await page.GetByRole(AriaRole.Link, new() { Name = "ABC0001" }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(Detail());
        await Expect(page.Locator("table").First).ToContainTextAsync("measurements");
        await page.GetByRole(AriaRole.Link, new() { Name = "Devices" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(DevicesTab());
        await Expect(page.Locator("td.heads")).ToContainTextAsync(["Compressors", "Incomer", "Mill incomer"]);

        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Recent ingest" })).ToHaveAttributeAsync("aria-current", "page");
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(portal.Url(Stacks.AdminCode, $"/?q={TestPortal.Customer}"));
    }

    [BrowserTheory]
    [InlineData(Stacks.AdminCode, TestPortal.ViewerEmail, "/admin/customers", "This page is for administrators")]
    [InlineData(TestPortal.Customer, Stacks.AdminEmail, "/admin/customers", "There is no such page")]
    [InlineData(TestPortal.Customer, Stacks.AdminEmail, "/admin/customers/1", "There is no such page")]
    public async Task Nobody_else_reaches_or_sees_the_operators_pages(string stack, string email, string path, string said)
    {
        await using var visit = await portal.OpenAsync(stack, email);
        await visit.GoAsync(path);

        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync(said);
        await visit.GoAsync("/");
        await Expect(visit.Page.Locator("nav a[href^='/admin']")).ToHaveCountAsync(0);
    }

    private static Task ButtonAsync(ILocator within, string word) => within.GetByRole(AriaRole.Button, new() { Name = word, Exact = true }).ClickAsync();

    private static Task ButtonAsync(IPage page, string word) => page.GetByRole(AriaRole.Button, new() { Name = word, Exact = true }).First.ClickAsync();

    private static async Task<string> TokenAsync(IPage page)
    {
        var token = page.Locator(".secret-line code");
        await Expect(token).ToHaveTextAsync(Token());
        return (await token.TextContentAsync())!;
    }

    private static async Task LeaveIsAskedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Dashboard" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Leave without it?");
        await ButtonAsync(dialog, "Cancel");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator(".secret")).ToHaveCountAsync(1);
    }

    [GeneratedRegex("^pft_[A-Za-z0-9_-]{20,}$")]
    private static partial Regex Token();

    [GeneratedRegex(@"/admin/customers/\d+$")]
    private static partial Regex Detail();

    [GeneratedRegex(@"/admin/customers/\d+\?tab=devices$")]
    private static partial Regex DevicesTab();
}
