using Microsoft.Playwright;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class BrandingTests(TestPortal portal)
{
    // 300 by 80 pixels of red, as a browser draws it.
    private const string Draw = "() => { const c = document.createElement('canvas'); c.width = 300; c.height = 80; const g = c.getContext('2d'); g.fillStyle = '#c00'; g.fillRect(0, 0, 300, 80); return c.toDataURL('image/png').split(',')[1]; }";

    [BrowserFact]
    public async Task An_admin_brands_the_portal_and_the_sign_in_page_wears_it_too()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/settings/branding");
        var before = await visit.Page.Locator("input[name=name]").InputValueAsync();
        try
        {
            await visit.Page.Locator("input[name=name]").FillAsync("Acme Foods");
            await visit.Page.GetByLabel("A colour of our own").CheckAsync();
            await visit.Page.Locator("input[type=color]").FillAsync("#7a1fa2");
            await Expect(visit.Page.Locator("[role=status]").Filter(new() { HasText = "easy to read" })).ToBeVisibleAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(visit.Page.Locator(".side .logo")).ToContainTextAsync("Acme Foods");
            await visit.LiveAsync();
            await MarkedAsync(visit);

            var png = Convert.FromBase64String(await visit.Page.EvaluateAsync<string>(Draw));
            await visit.ChooseAsync("logo.png", "image/png", png);
            await Expect(visit.Page.Locator(".side .logo img")).ToBeVisibleAsync();
            await visit.LiveAsync();
            // The name of a wide logo stands below it rather than letter by letter beside it.
            Assert.True(await visit.Page.EvaluateAsync<int>("document.querySelector('.side .logo span').offsetWidth") > 100);
            Assert.Empty(visit.Complaints);

            await using var nobody = await portal.OpenAsync(email: null);
            await nobody.Page.GotoAsync("/sign-in");
            await Expect(nobody.Page.Locator(".logo")).ToContainTextAsync("Acme Foods");
            Assert.Equal(300, await nobody.Page.EvaluateAsync<int>("document.querySelector('.logo img').naturalWidth"));
            await MarkedAsync(nobody);
            Assert.Contains("#7a1fa2", await nobody.Page.EvaluateAsync<string>("fetch(document.querySelector('link[rel=icon]').href).then(a => a.text())"));
            Assert.Empty(await Axe.SeriousAsync(nobody.Page));
            Assert.Empty(nobody.Complaints);

            await visit.ChooseAsync("logo.svg", "image/png", "<svg/>"u8.ToArray());
            await Expect(visit.Page.Locator(".field-error")).ToContainTextAsync("PNG, JPEG or WebP");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove logo" }).ClickAsync();
            await visit.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Remove logo" }).ClickAsync();
            await Expect(visit.Page.Locator(".side .logo img")).ToHaveCountAsync(0);
        }
        finally
        {
            // In a window of its own: the other may be loading itself anew.
            await using var other = await portal.OpenAsync();
            await other.GoAsync("/account");
            var restored = await other.Page.EvaluateAsync<int>("name => fetch('/api/branding', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) }).then(a => a.status)", before);
            Assert.Equal(200, restored);
        }
    }

    private static Task MarkedAsync(Visit visit) => Expect(visit.Page.Locator("button.primary").First).ToHaveCSSAsync("background-color", "rgb(122, 31, 162)");
}
