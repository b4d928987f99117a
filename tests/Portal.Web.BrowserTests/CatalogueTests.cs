using Microsoft.Playwright;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class CatalogueTests(TestPortal portal)
{
    [BrowserFact]
    public async Task An_admin_makes_a_site_and_a_device_and_a_wrong_time_zone_is_said_beside_its_field()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/sites");
        await ClickAsync(visit, "New site");
        await visit.Page.Locator("input[name=name]").FillAsync("Bakery");
        await visit.Page.Locator("input[name=timeZone]").FillAsync("Mars/Base");
        await ClickAsync(visit, "Create site");
        await Expect(visit.Page.Locator(".field-error")).ToContainTextAsync("IANA time zone");
        await visit.Page.Locator("input[name=timeZone]").FillAsync("Africa/Johannesburg");
        await ClickAsync(visit, "Create site");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Bakery");

        await ClickAsync(visit, "Add device");
        await visit.Page.Locator("input[name=externalId]").FillAsync("AN800001");
        await visit.Page.Locator(".form-dialog input[name=name]").FillAsync("Oven");
        await visit.Page.Locator(".form-dialog button[type=submit]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Oven" }).Or(visit.Page.GetByRole(AriaRole.Cell, new() { Name = "Oven" })).First).ToBeVisibleAsync();
        Assert.DoesNotContain(visit.Complaints, complaint => !complaint.Contains("400", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Devices_are_imported_from_a_file_after_a_look_at_what_it_does()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/devices/import");
        await visit.ChooseAsync("devices.csv", "text/csv", "site,time zone,device,serial\nDepot,,Pump,AN810001\n"u8.ToArray());
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("time zone The site is new and needs one.");

        await visit.ChooseAsync("devices.csv", "text/csv", "site,time zone,device,serial\nDepot,Africa/Johannesburg,Pump,AN810001\nDepot,,Gate,AN810002\n"u8.ToArray());
        await Expect(visit.Page.GetByText("New sites: Depot.")).ToBeVisibleAsync();
        Assert.Empty(await Axe.SeriousAsync(visit.Page));
        await ClickAsync(visit, "Import");
        await Expect(visit.Page.GetByText("Done: 2 created")).ToBeVisibleAsync();

        await visit.GoAsync("/devices?q=AN81");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Somebody_changes_the_password_of_the_first_sign_in()
    {
        await using var admin = await portal.OpenAsync();
        await admin.GoAsync("/settings/users");
        Assert.Equal(201, await admin.Page.EvaluateAsync<int>(
            "() => fetch('/api/users', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'first@portal.local', password: 'Handed-over-1', role: 'Admin' }) }).then(a => a.status)"));

        await using var visit = await portal.OpenAsync(email: null);
        await visit.SignInAsync("first@portal.local", "Handed-over-1");
        await visit.GoAsync("/account");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Change your password" }).ClickAsync();
        await visit.Page.FillAsync("#current", "Handed-over-1");
        await visit.Page.FillAsync("#new", "Chosen-by-me-7");
        await visit.Page.FillAsync("#again", "Chosen-by-me-7");
        await visit.Page.ClickAsync("button[type=submit]");
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed.");

        await using var again = await portal.OpenAsync(email: null);
        await again.Page.GotoAsync("/sign-in");
        await again.SubmitAsync("first@portal.local", "Handed-over-1");
        await Expect(again.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Email or password is not right.");
        await again.SubmitAsync("first@portal.local", "Chosen-by-me-7");
        await Expect(again.Page.Locator("h1")).ToHaveTextAsync("Overview");
    }

    private static Task ClickAsync(Visit visit, string button) => visit.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
