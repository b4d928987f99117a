using System.Net;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Web.Account;

namespace Portal.Web.Tests.Account;

public sealed class AccountPageTests : CustomerPageContext
{
    private static readonly TwoFactorKey Key = new("ABCD EFGH", "otpauth://totp/abc0001.localhost:somebody@example.com?secret=ABCDEFGH&issuer=abc0001.localhost");

    public AccountPageTests() => On("GET /api/auth/two-factor", new TwoFactorItem(false, 0));

    [Fact]
    public void An_app_is_set_up_by_scanning_and_its_recovery_codes_are_shown_once()
    {
        On("POST /api/auth/two-factor/key", Key);
        On("POST /api/auth/two-factor/on", new RecoveryCodes(["one", "two"]));
        var page = Show<AccountPage>();
        page.Find("input[name=password]").Change("secret-word");
        page.Find("form").Submit();
        Assert.Contains("h1v1h-1z", page.WaitForElement(".qr path").GetAttribute("d"));
        Assert.DoesNotContain("secret-word", page.Markup);

        On("GET /api/auth/two-factor", new TwoFactorItem(true, 10));
        page.Find("input[name=code]").Change("123456");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("one two", page.Find(".secret code").TextContent));
        page.Find(".secret .button.primary").Click();
        Assert.Contains("10 recovery codes left", Words(page));
        Assert.DoesNotContain("one two", Words(page));
    }

    [Fact]
    public void Who_signs_in_at_the_provider_is_told_so_in_place_of_password_and_two_factor()
    {
        On("GET /api/auth/two-factor", new TwoFactorItem(false, 0, HasPassword: false));
        On("GET /api/auth/ways", new SignInWays("Contoso"));
        var page = Show<AccountPage>();
        Assert.Contains("You sign in at Contoso.", Words(page));
        Assert.Empty(page.FindAll("input"));
        Assert.Empty(page.FindAll("a.button"));
    }

    [Fact]
    public void A_refused_code_stands_beside_its_field_and_the_key_stays()
    {
        On("POST /api/auth/two-factor/key", Key);
        Refuse("POST /api/auth/two-factor/on", "code", "Is not the app's code at this moment.");
        var page = Show<AccountPage>();
        page.Find("form").Submit();
        page.WaitForElement("input[name=code]").Change("000000");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("Is not the app's code at this moment.", page.Find(".field-error").TextContent));
        Assert.Contains("ABCD EFGH", Words(page));
    }

    [Fact]
    public void Switching_off_asks_first()
    {
        On("GET /api/auth/two-factor", new TwoFactorItem(true, 4));
        On("POST /api/auth/two-factor/off", new TwoFactorItem(false, 0));
        var page = Show<AccountPage>();
        page.Find("input[name=password]").Change("secret-word");
        Press(page, "Switch off");
        Assert.Empty(Sent);

        page.WaitForElement(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Equal("""{"password":"secret-word"}""", Assert.Single(Sent).Body.GetRawText()));
    }

    [Fact]
    public void An_admin_who_has_to_set_it_up_first_is_told_so_and_goes_on_once_the_recovery_codes_are_kept()
    {
        SeenBy(Roles.AdminWithoutTwoFactor);
        On("GET /api/auth/two-factor", new TwoFactorItem(false, 0, Needed: true));
        On("POST /api/auth/two-factor/key", Key);
        On("POST /api/auth/two-factor/on", new RecoveryCodes(["one", "two"]));
        var page = Show<AccountPage>();
        Assert.Contains("Your role needs two-factor sign-in. Set up an authenticator app to go on.", page.WaitForElement(".notice").TextContent);
        page.Find("form").Submit();
        page.WaitForElement("input[name=code]").Change("123456");
        On("GET /api/auth/two-factor", new TwoFactorItem(true, 10, Needed: true));
        page.Find("form").Submit();

        page.WaitForElement(".secret code");
        Assert.Empty(page.FindAll(".notice"));
        Assert.Equal("http://localhost/", Navigation.Uri);
        Assert.Empty(((BunitNavigationManager)Navigation).History);
        page.Find(".secret .button.primary").Click();
        page.WaitForAssertion(() => Assert.Equal(("/", true), Assert.Single(((BunitNavigationManager)Navigation).History.Select(step => (step.Uri, step.Options.ForceLoad)))));
    }

    [Fact]
    public void Where_the_role_needs_it_nobody_is_offered_to_switch_it_off()
    {
        On("GET /api/auth/two-factor", new TwoFactorItem(true, 10, Needed: true));
        var page = Show<AccountPage>();
        Assert.Contains("so it stays on", page.WaitForElement("#two-factor").ParentElement!.ParentElement!.TextContent);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == "Switch off");
    }

    [Fact]
    public void A_step_to_another_page_within_a_circuit_leads_back_until_it_is_set_up()
    {
        foreach (var (role, page, led) in new[]
        {
            (Roles.AdminWithoutTwoFactor, typeof(Portal.Web.Sites.SitesPage), true), (Roles.AdminWithoutTwoFactor, typeof(AccountPage), false),
            (Roles.Admin, typeof(Portal.Web.Sites.SitesPage), false),
        })
        {
            SeenBy(role);
            var before = ((BunitNavigationManager)Navigation).History.Count;
            var shown = Render<CascadingAuthenticationState>(state => state.AddChildContent<OwnPagesGate>(gate => gate.Add(g => g.Page, page).AddChildContent("the page")));
            Assert.Equal(!led, shown.Markup.Contains("the page", StringComparison.Ordinal));
            Assert.Equal(led ? 1 : 0, ((BunitNavigationManager)Navigation).History.Count - before);
        }
    }

    [Fact]
    public void An_api_that_is_away_is_said_and_asked_again()
    {
        On("GET /api/auth/two-factor", null, HttpStatusCode.ServiceUnavailable);
        Assert.Contains("can’t be shown at the moment", Words(Show<AccountPage>()));
    }
}
