using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;
using static Portal.Api.Tests.Oidc.StackWithProvider;

namespace Portal.Api.Tests.Oidc;

/// <summary>The way to the provider and back, also when it is another's, an old one, or leads nowhere.</summary>
public sealed class HandshakeTests(StackWithProvider stack) : IClassFixture<StackWithProvider>
{
    [PostgresFact]
    public async Task The_provider_is_asked_for_a_code_to_the_registered_address_with_proof_state_and_nonce()
    {
        using var client = stack.Api.BareClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/oidc") { Headers = { { "X-Forwarded-Host", "evil.example" }, { "Host", "evil.example" } } };
        using var begun = await client.SendAsync(request);
        var asked = QueryHelpers.ParseQuery(begun.Headers.Location!.Query);
        Assert.Equal("code", asked["response_type"]);
        Assert.Equal("openid email", asked["scope"]);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal("http://abc0001.localhost:8080/api/auth/oidc/callback", asked["redirect_uri"]);
        foreach (var name in (string[])["state", "nonce", "code_challenge"]) Assert.True(asked[name].ToString().Length >= 43, name);
        Assert.DoesNotContain(OidcServer.ClientSecret, begun.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.Equal("no-store", begun.Headers.CacheControl!.ToString());

        var cookies = begun.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("portal-oidc-", cookie, StringComparison.Ordinal);
            Assert.Equal(["httponly", "path=/", "samesite=lax"], cookie.Split("; ")[1..].Where(part => !part.StartsWith("expires", StringComparison.Ordinal)).Order());
        });
    }

    [PostgresFact]
    public async Task Under_tls_what_a_sign_in_leaves_in_the_browser_is_bound_to_the_host()
    {
        await using var tls = new Disposing(await StackWithProvider.StartAsync(("Application:PublicUrl", "https://abc0001.portal.example.com")));
        using var client = tls.Stack.Api.BareClient();
        using var begun = await client.GetAsync("/api/auth/oidc");
        Assert.Equal("https://abc0001.portal.example.com/api/auth/oidc/callback", QueryHelpers.ParseQuery(begun.Headers.Location!.Query)["redirect_uri"]);
        Assert.All(begun.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.StartsWith("__Host-portal-oidc-", cookie, StringComparison.Ordinal);
            Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], cookie.Split("; ")[1..].Where(part => !part.StartsWith("expires", StringComparison.Ordinal)).Order());
        });
    }

    [PostgresTheory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Afterwards_people_are_sent_to_a_page_of_this_portal_alone(string returnUrl)
    {
        using var browser = stack.Api.Client();
        using var answer = await stack.SignInAsync(browser, Somebody(Viewers), returnUrl);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        using var declined = await stack.SignInAsync(browser, person: null, returnUrl);
        Assert.Equal("/sign-in?refused=declined", declined.Headers.Location!.ToString());
    }

    [PostgresFact]
    public async Task Somebody_who_declines_is_told_and_comes_to_the_same_page_later()
    {
        using var browser = stack.Api.Client();
        using var answer = await stack.SignInAsync(browser, person: null, "/sites");
        await RefusedAsync(browser, answer, ProviderRefusals.Declined);
        Assert.EndsWith("&returnUrl=%2Fsites", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=made-up")]
    [InlineData("?id_token=x&state=made-up")]
    [InlineData("?error=access_denied&error_description=%3Cscript%3E&state=made-up")]
    public async Task An_answer_to_nothing_that_was_asked_is_refused(string query)
    {
        using var browser = stack.Api.Client();
        using var answer = await browser.GetAsync("/api/auth/oidc/callback" + query);
        await RefusedAsync(browser, answer, ProviderRefusals.Expired);
        Assert.Equal("/sign-in?refused=expired", answer.Headers.Location!.ToString());
    }

    [PostgresFact]
    public async Task An_answer_meant_for_another_browser_signs_nobody_in()
    {
        // Whoever sends a victim the end of their own sign-in wants the victim to work in their account.
        using var attacker = stack.Api.Client();
        var back = await stack.ReturnAsync(attacker, Somebody(Viewers));
        using var victim = stack.Api.Client();
        using var answer = await victim.GetAsync(back);
        await RefusedAsync(victim, answer, ProviderRefusals.Expired);
    }

    [PostgresFact]
    public async Task A_code_of_another_sign_in_is_refused_by_the_proof_that_goes_with_it()
    {
        using var attacker = stack.Api.Client();
        var stolen = QueryHelpers.ParseQuery((await stack.ReturnAsync(attacker, Somebody(Admins))).Split('?')[1])["code"].ToString();
        using var browser = stack.Api.Client();
        var own = await stack.ReturnAsync(browser, Somebody(Viewers));
        var code = QueryHelpers.ParseQuery(own.Split('?')[1])["code"].ToString();
        using var answer = await browser.GetAsync(own.Replace(Uri.EscapeDataString(code), Uri.EscapeDataString(stolen), StringComparison.Ordinal));
        await RefusedAsync(browser, answer, ProviderRefusals.NotValid);
    }

    [PostgresFact]
    public async Task A_token_with_another_nonce_is_refused()
    {
        using var browser = stack.Api.Client();
        stack.Server.ForgedNonce = "638000000000000000.forged";
        try
        {
            using var answer = await stack.SignInAsync(browser, Somebody(Viewers));
            await RefusedAsync(browser, answer, ProviderRefusals.Expired);
        }
        finally
        {
            stack.Server.ForgedNonce = null;
        }
    }

    [PostgresFact]
    public async Task A_code_lets_in_once_also_in_the_browser_it_was_given_to()
    {
        using var browser = stack.Api.BareClient();
        using var begun = await browser.GetAsync("/api/auth/oidc");
        var cookies = string.Join("; ", begun.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var back = await stack.AtProviderAsync(begun.Headers.Location!, Somebody(Viewers));
        using var first = await browser.SendAsync(With(cookies, back));
        Assert.Equal("/", first.Headers.Location!.ToString());
        Assert.NotEmpty(first.SessionCookie());
        // A browser forgets them at once; somebody who copied all of it doesn't.
        Assert.Equal(2, first.Headers.GetValues("Set-Cookie").Count(cookie => cookie.StartsWith("portal-oidc-", StringComparison.Ordinal) && cookie.Contains("1970", StringComparison.Ordinal)));
        using var second = await browser.SendAsync(With(cookies, back));
        await RefusedAsync(browser, second, ProviderRefusals.NotValid);
    }

    [PostgresFact]
    public async Task The_session_that_the_browser_came_with_ends()
    {
        using var browser = stack.Api.BareClient();
        using var login = await browser.PostAsJsonAsync("/api/auth/login", new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword));
        var planted = login.SessionCookie();
        using var begun = await browser.GetAsync("/api/auth/oidc");
        var cookies = string.Join("; ", begun.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).Append(planted));
        using var answer = await browser.SendAsync(With(cookies, await stack.AtProviderAsync(begun.Headers.Location!, Somebody(Viewers))));
        Assert.NotEqual(planted, answer.SessionCookie());
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(With(planted, "/api/auth/me"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(With(answer.SessionCookie(), "/api/auth/me"))).StatusCode);
    }

    [PostgresFact]
    public async Task Sign_ins_that_nobody_ends_do_not_fill_the_browser_up()
    {
        using var browser = stack.Api.Client();
        for (var i = 0; i < 30; i++) (await browser.GetAsync("/api/auth/oidc")).Dispose();
        using var begun = await browser.GetAsync("/api/auth/oidc");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        var kept = ((SocketsHttpHandler)Handler(browser)).CookieContainer.GetAllCookies().Count;
        Assert.True(kept <= 12, $"{kept} cookies are kept.");
        using var answer = await browser.GetAsync(await stack.AtProviderAsync(begun.Headers.Location!, Somebody(Viewers)));
        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [PostgresFact]
    public async Task A_provider_that_is_away_is_said_on_the_sign_in_page_at_each_step_and_passwords_work()
    {
        using var browser = stack.Api.Client();
        var back = await stack.ReturnAsync(browser, Somebody(Viewers));
        stack.Server.IsAway = true;
        using var answer = await browser.GetAsync(back);
        stack.Server.IsAway = false;
        await RefusedAsync(browser, answer, ProviderRefusals.ProviderAway);

        await using var never = new Disposing(await StackWithProvider.StartAsync(("Oidc:Authority", "http://127.0.0.1:1")));
        using var other = never.Stack.Api.Client();
        using var begun = await other.GetAsync("/api/auth/oidc?returnUrl=%2Fsites");
        await RefusedAsync(other, begun, ProviderRefusals.ProviderAway);
        Assert.EndsWith("&returnUrl=%2Fsites", begun.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains(never.Stack.Api.Log.All, line => line.StartsWith("A sign-in at http://127.0.0.1:1 can't begin, provider-away", StringComparison.Ordinal));
        using var admin = await never.Stack.Api.AdminAsync();
    }

    [PostgresFact]
    public async Task A_wrong_secret_is_the_operators_business_and_in_no_log()
    {
        using var browser = stack.Api.Client();
        var back = await stack.ReturnAsync(browser, Somebody(Viewers));
        await stack.Server.SetSecretAsync("another-secret-than-that");
        using var answer = await browser.GetAsync(back);
        await stack.Server.SetSecretAsync(OidcServer.ClientSecret);
        await RefusedAsync(browser, answer, ProviderRefusals.NotValid);
        var code = QueryHelpers.ParseQuery(back.Split('?')[1])["code"].ToString();
        Assert.Contains(stack.Api.Log.All, line => line.Contains("invalid_client", StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Api.Log.All, line => line.Contains(OidcServer.ClientSecret, StringComparison.Ordinal) || line.Contains(code, StringComparison.Ordinal));
    }

    private static HttpRequestMessage With(string cookies, string path) => new(HttpMethod.Get, path) { Headers = { { "Cookie", cookies } } };

    private static HttpMessageHandler Handler(HttpClient client) => (HttpMessageHandler)typeof(HttpMessageInvoker)
        .GetField("_handler", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(client)!;
}

/// <summary>A stack of a single test's.</summary>
internal sealed class Disposing(StackWithProvider stack) : IAsyncDisposable
{
    public StackWithProvider Stack => stack;

    public async ValueTask DisposeAsync() => await stack.DisposeAsync();
}
