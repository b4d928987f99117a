using Microsoft.Playwright;
using Portal.AppHost.Tests.EndToEnd;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class ConnectTests(TestPortal portal)
{
    [BrowserFact]
    public async Task A_meter_is_connected_from_its_serial_to_its_first_post()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/connect?serial=AN900001");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Add device" }).ClickAsync();
        await visit.Page.Locator("input[name=name]").FillAsync("New meter");
        await visit.Page.Locator(".form-dialog").GetByRole(AriaRole.Button, new() { Name = "Add device" }).ClickAsync();
        await Expect(visit.Page.GetByText("Listening for the first post of AN900001…")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make a key for this meter" }).ClickAsync();
        var key = await visit.Page.Locator(".secret code").InnerTextAsync();

        using var meter = await StackClient.SignInAsync(portal.Port, TestPortal.Customer);
        var measurements = new[] { new { externalId = "AN900001", time = TimeProvider.System.GetUtcNow(), activePowerKw = 12.5, energyImportKwh = 100.5 } };
        await meter.MeterPostAsync("/api/ingest/measurements", key, new { measurements });

        await Expect(visit.Page.GetByText("It works: AN900001 posts.")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("Nothing odd")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_viewer_sees_no_way_to_change_anything_and_reaches_no_page_of_admins()
    {
        await using var visit = await portal.OpenAsync(email: TestPortal.ViewerEmail);
        foreach (var path in new[] { "/sites", $"/sites/{portal.Contents.SiteId}", "/devices", $"/devices/{portal.Contents.DeviceId}" })
        {
            await visit.GoAsync(path);
            await Expect(visit.Page.Locator(".page-head button")).ToHaveCountAsync(0);
        }

        await Expect(visit.Page.Locator(".side nav a[href^='/settings'], .side nav a[href='/connect']")).ToHaveCountAsync(0);
        foreach (var path in new[] { "/connect", "/settings/users", "/settings/ingest-keys", "/settings/audit", "/devices/unclaimed" })
            Assert.Equal(403, (await visit.Page.GotoAsync(path))!.Status);
    }
}
