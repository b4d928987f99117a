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
        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync("Email or password is not right.");
        await visit.SubmitAsync(Stacks.AdminEmail, AdminPassword.Default);

        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/?sort=power"));
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Overview");
        await visit.Page.ClickAsync(".side button[type=submit]");
        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/sign-in"));
    }

    [BrowserFact]
    public async Task A_session_that_ends_while_a_page_is_open_leads_to_the_sign_in_page_and_back()
    {
        await using var visit = await portal.OpenAsync(email: null);
        await visit.SignInAsync(Stacks.AdminEmail, AdminPassword.Default);
        await visit.GoAsync("/?sort=power");

        // Somewhere else the account is signed out; the page only learns by asking.
        await visit.Page.EvaluateAsync("fetch('/api/auth/logout', { method: 'POST' })");

        await visit.Page.WaitForURLAsync("**/sign-in?ended=*");
        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Status)).ToContainTextAsync("Your session has ended.");
        await Expect(visit.Page.Locator(".figure")).ToHaveCountAsync(0);
        await visit.SubmitAsync(Stacks.AdminEmail, AdminPassword.Default);
        await Expect(visit.Page).ToHaveURLAsync(portal.Url(TestPortal.Customer, "/?sort=power"));
    }
}
