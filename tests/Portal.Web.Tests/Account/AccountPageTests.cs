using System.Net;
using Bunit;
using Portal.Contracts.Auth;
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
    public void An_api_that_is_away_is_said_and_asked_again()
    {
        On("GET /api/auth/two-factor", null, HttpStatusCode.ServiceUnavailable);
        Assert.Contains("can’t be shown at the moment", Words(Show<AccountPage>()));
    }
}
