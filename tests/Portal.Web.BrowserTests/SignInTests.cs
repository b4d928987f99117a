using Microsoft.Playwright;
using Portal.Api.Tests.Oidc;
using Portal.AppHost.Local;
using Portal.AppHost.Topology;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;
using static Microsoft.Playwright.Assertions;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class SignInTests(TestPortal portal)
{
    [BrowserFact]
    public async Task Somebody_signs_in_comes_to_the_page_asked_for_and_signs_out()
    {
        await using var visit = await portal.OpenAsync(email: null);

        await visit.Page.GotoAsync("/?sort=power");
        await visit.SubmitAsync(Stacks.AdminEmail, "wrong");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Email or password is not right.");
        await visit.SubmitAsync(Stacks.AdminEmail, AdminPassword.Default);

        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/?sort=power"));
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Overview");
        await visit.Page.ClickAsync(".side button[type=submit]");
        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/sign-in"));
    }

    [BrowserFact]
    public async Task Somebody_signs_in_at_the_companys_provider_by_keyboard_and_comes_to_the_page_asked_for()
    {
        await using var visit = await portal.OpenAsync(email: null);
        portal.Provider.Next = new Someone("browser-1", "erin@contoso.example", Roles: ["staff"]);

        await visit.Page.GotoAsync("/?sort=power");
        Assert.Empty(await Axe.SeriousAsync(visit.Page));
        // Before the form's first field, which has the focus.
        await Expect(visit.Page.Locator("#email")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Contoso" })).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/?sort=power"));
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Overview");
        await visit.GoAsync("/account");
        await Expect(visit.Page.GetByText("You sign in at Contoso.")).ToBeVisibleAsync();
        await visit.Page.ClickAsync(".side button[type=submit]");
        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/sign-in"));
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Who_has_no_role_at_the_provider_is_told_on_the_sign_in_page()
    {
        await using var visit = await portal.OpenAsync(Stacks.AdminCode, email: null);
        portal.Provider.Next = new Someone("browser-2", "mallory@contoso.example", Roles: ["visitors"]);
        await visit.Page.GotoAsync("/customers");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Contoso" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You are known at Contoso, and have no role of this portal there.");
        await visit.AtAsync("returnUrl=%2Fcustomers");
    }

    [BrowserFact]
    public async Task A_session_that_ends_while_a_page_is_open_leads_to_the_sign_in_page_and_back()
    {
        await using var visit = await portal.OpenAsync(email: null);
        await visit.SignInAsync(Stacks.AdminEmail, AdminPassword.Default);
        await visit.GoAsync("/?sort=power");

        // Somewhere else the account is signed out; the page only learns by asking. It may do so before the answer is here, and leave.
        await visit.Page.EvaluateAsync("void fetch('/api/auth/logout', { method: 'POST' })");

        await visit.AtAsync("/sign-in[?]ended=");
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your session has ended.");
        await Expect(visit.Page.Locator(".figure")).ToHaveCountAsync(0);
        await visit.SubmitAsync(Stacks.AdminEmail, AdminPassword.Default);
        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/?sort=power"));
    }
}
