using System.Net;
using System.Text.RegularExpressions;
using Portal.Contracts.Auth;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Web.Tests.SignIn;

public sealed partial class SignInTests
{
    [Theory]
    [InlineData("/", "/sign-in")]
    [InlineData("/?day=2026-11-23", "/sign-in?returnUrl=%2F%3Fday%3D2026-11-23")]
    public async Task Somebody_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back_later(string path, string expected)
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();

        var answer = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_right_password_hands_on_the_apis_cookie_and_shows_the_page_asked_for()
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();

        var answer = await PostAsync(browser, "/sign-in?returnUrl=%2F%3Fa%3D1", FakeApi.Email, FakeApi.Password);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("/?a=1", answer.Headers.Location!.OriginalString);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("portal-session=1; path=/; httponly", StringComparison.Ordinal));
        Assert.Contains("Overview", await browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_wrong_password_says_so_without_saying_which_part_is_wrong()
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();

        var answer = await PostAsync(browser, "/sign-in", FakeApi.Email, "wrong");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Email or password is not right.", page);
        Assert.DoesNotContain("wrong\"", page); // the password is not written back into the form
    }

    [Fact]
    public async Task With_a_second_factor_the_code_is_asked_for_alone_and_the_password_travels_sealed()
    {
        await using var web = await WebApp.StartAsync();
        web.Api.Code = "123456";
        using var browser = web.Browser();

        var second = await (await PostAsync(browser, "/sign-in?returnUrl=%2F%3Fa%3D1", FakeApi.Email, FakeApi.Password)).Content.ReadAsStringAsync();
        Assert.Contains("One more step", second);
        Assert.DoesNotContain("id=\"password\"", second);
        Assert.DoesNotContain(FakeApi.Password, second);

        var wrong = await (await CodeAsync(browser, second, "000000")).Content.ReadAsStringAsync();
        Assert.Contains("This code is not right", wrong);
        Assert.DoesNotContain("000000", wrong);
        var answer = await CodeAsync(browser, wrong, "123456");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("/?a=1", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_password_that_was_not_sealed_here_begins_the_sign_in_anew()
    {
        await using var web = await WebApp.StartAsync();
        web.Api.Code = "123456";
        using var browser = web.Browser();
        var second = await (await PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password)).Content.ReadAsStringAsync();

        var again = await (await CodeAsync(browser, Sealed().Replace(second, "name=\"Input.Sealed\" value=\"CfDJ8AAAA\""), "123456")).Content.ReadAsStringAsync();

        Assert.Contains("That took too long. Enter your password again.", again);
        Assert.Contains("id=\"password\"", again);
    }

    [Fact]
    public async Task A_provider_is_a_link_beside_the_form_that_comes_back_to_the_page_asked_for()
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();
        Assert.DoesNotContain("/api/auth/oidc", await browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);

        web.Api.Ways = new SignInWays("Contoso & Sons");
        var page = await browser.GetStringAsync("/sign-in?returnUrl=%2F%3Fa%3D1");
        Assert.Contains("""<a class="button" href="/api/auth/oidc?returnUrl=%2F%3Fa%3D1" data-enhance-nav="false">Sign in with Contoso &amp; Sons</a>""", page, StringComparison.Ordinal);
        Assert.Contains("id=\"password\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<details", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/api/auth/oidc?returnUrl=%2F\"", await browser.GetStringAsync("/sign-in?returnUrl=//evil.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_passwords_are_for_emergencies_their_form_is_folded_away_and_still_works()
    {
        await using var web = await WebApp.StartAsync();
        web.Api.Ways = new SignInWays("Contoso", PasswordsAreForEmergencies: true);
        using var browser = web.Browser();
        Assert.Contains("<details><summary>Sign in with a password</summary>", Tight(await browser.GetStringAsync("/sign-in")), StringComparison.Ordinal);

        var wrong = await (await PostAsync(browser, "/sign-in?refused=declined", FakeApi.Email, "wrong")).Content.ReadAsStringAsync();
        Assert.Contains("<details open><summary>", Tight(wrong), StringComparison.Ordinal);
        Assert.Contains("Email or password is not right.", wrong, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password)).StatusCode);
    }

    public static TheoryData<string> Refusals =>
        [.. typeof(ProviderRefusals).GetFields().Select(refusal => (string)refusal.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_refusal_after_the_provider_has_a_sentence_of_its_own_and_nothing_of_the_address_is_shown(string refused)
    {
        await using var web = await WebApp.StartAsync();
        web.Api.Ways = new SignInWays("Contoso");
        using var browser = web.Browser();
        var sentence = Alert().Match(await browser.GetStringAsync($"/sign-in?refused={refused}")).Groups[1].Value;
        Assert.Contains('.', sentence);
        var other = Alert().Match(await browser.GetStringAsync("/sign-in?refused=%3Cb%3Emade+up%3C%2Fb%3E")).Groups[1].Value;
        Assert.DoesNotContain("made up", other, StringComparison.Ordinal);
        Assert.Equal(refused == ProviderRefusals.NotValid, sentence == other);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_the_api()
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();
        await PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password);
        var token = Token().Match(await browser.GetStringAsync("/")).Groups[1].Value;

        var answer = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal("/sign-in", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_sign_out_that_another_page_made_the_browser_send_does_nothing()
    {
        await using var web = await WebApp.StartAsync();
        using var browser = web.Browser();
        await PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password);

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task An_api_that_is_away_is_said_on_the_sign_in_page()
    {
        await using var web = await WebApp.StartAsync(apiUrl: "http://127.0.0.1:1");
        using var browser = web.Browser();

        var page = await (await PostAsync(browser, "/sign-in", FakeApi.Email, FakeApi.Password)).Content.ReadAsStringAsync();

        Assert.Contains("Sign-in is not available at the moment.", page);
    }

    [Fact]
    public async Task An_api_that_goes_away_signs_nobody_out_and_leaves_a_page_that_says_so()
    {
        await using var web = await WebApp.StartAsync(apiUrl: "http://127.0.0.1:1");
        using var browser = web.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", "portal-session=1");
        request.Headers.Add("Accept", "text/html");

        var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.Contains("This page could not be shown", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("portal-session", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/sites?x=1", "/sites?x=1")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\tb", "/")]
    public void Only_a_path_of_this_portal_is_returned_to(string? asked, string expected) => Assert.Equal(expected, ReturnPath.Local(asked));

    private static string Tight(string page) => Blanks().Replace(page, "<");

    internal static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string email, string password)
    {
        var page = await browser.GetStringAsync(path);
        return await browser.PostAsync(path, new FormUrlEncodedContent(
        [
            new("_handler", "sign-in"),
            new("__RequestVerificationToken", Token().Match(page).Groups[1].Value),
            new("Input.Email", email),
            new("Input.Password", password),
        ]));
    }

    private static Task<HttpResponseMessage> CodeAsync(HttpClient browser, string page, string code) => browser.PostAsync("/sign-in?returnUrl=%2F%3Fa%3D1", new FormUrlEncodedContent(
    [
        new("_handler", "sign-in"),
        new("__RequestVerificationToken", Token().Match(page).Groups[1].Value),
        new("Input.Email", FakeApi.Email),
        new("Input.Sealed", Sealed().Match(page).Groups[1].Value),
        new("Input.Code", code),
    ]));

    [GeneratedRegex("<p class=\"form-error\" role=\"alert\">(.*?)</p>")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\s+<")]
    private static partial Regex Blanks();

    [GeneratedRegex("name=\"Input.Sealed\" value=\"([^\"]+)\"")]
    private static partial Regex Sealed();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
