using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class SignInTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task Signing_in_answers_who_one_is_and_sets_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        using var client = api.BareClient();
        using var answer = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword));
        var me = await answer.ReadAsync<SignedInUser>();
        Assert.Equal((ApiHost.AdminEmail, Roles.Admin), (me.Email, me.Role));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("portal-session=", cookie, StringComparison.Ordinal);
        var parts = cookie.Split("; ")[1..].Order();
        Assert.Equal(["httponly", "path=/", "samesite=lax"], parts);
    }

    [PostgresFact]
    public async Task Behind_tls_the_cookie_is_bound_to_the_host_and_only_that_one_is_taken()
    {
        using var client = api.BareClient();
        using var login = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
        {
            Content = JsonContent.Create(new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword)),
            Headers = { { "X-Forwarded-Proto", "https" } },
        };
        using var answer = await client.SendAsync(login);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-portal-session=", cookie, StringComparison.Ordinal);
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], cookie.Split("; ")[1..].Order());

        var secure = answer.SessionCookie();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client, secure, "https"));
        // Services of the stack pass it on by plain http.
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client, secure, "http"));
        // The same session under the plain name could come from a neighbour below the same domain.
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(client, secure.Replace("__Host-", "", StringComparison.Ordinal), "https"));
    }

    [PostgresFact]
    public async Task Check_names_the_person_in_headers_and_refuses_everybody_else_without_a_redirect()
    {
        using var admin = await api.AdminAsync();
        using var known = await admin.GetAsync("/api/auth/check");
        Assert.Equal(HttpStatusCode.NoContent, known.StatusCode);
        Assert.Equal([ApiHost.AdminEmail], known.Headers.GetValues("X-Webauth-User"));
        Assert.Equal([Roles.Admin], known.Headers.GetValues("X-Webauth-Role"));

        using var nobody = api.Client();
        using var refused = await nobody.GetAsync("/api/auth/check");
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.False(refused.Headers.Contains("X-Webauth-User"));
        Assert.Null(refused.Headers.Location);
    }

    [PostgresFact]
    public async Task Check_serves_Traefiks_forwardAuth_and_makes_nobody_Grafanas_administrator()
    {
        using var admin = await api.AdminAsync();
        using var viewer = await api.ViewerAsync();
        foreach (var (person, role) in new[] { (admin, "Editor"), (viewer, "Viewer") })
        {
            using var known = await person.SendAsync(AsTraefikAsks());
            Assert.Equal(HttpStatusCode.NoContent, known.StatusCode);
            Assert.Equal([role], known.Headers.GetValues("X-Webauth-Grafana-Role"));
            Assert.Single(known.Headers.GetValues("X-Webauth-User"));
        }

        using var nobody = api.Client();
        using var refused = await nobody.SendAsync(AsTraefikAsks());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain(refused.Headers, header => header.Key.StartsWith("X-Webauth-", StringComparison.OrdinalIgnoreCase));

        // A GET, whatever the caller's method was, with the caller's headers and what Traefik says of it.
        static HttpRequestMessage AsTraefikAsks()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/check");
            foreach (var (name, value) in new[]
            {
                ("X-Forwarded-Method", "POST"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "abc0001.localhost:8080"), ("X-Forwarded-For", "203.0.113.7"),
                ("X-Forwarded-Uri", "/grafana/api/ds/query"), ("Origin", "http://abc0001.localhost:8080"), ("Sec-Fetch-Site", "same-origin"),
                ("X-Webauth-User", "intruder@evil.example"), ("X-Webauth-Grafana-Role", "Admin"),
            })
                request.Headers.Add(name, value);
            return request;
        }
    }

    [PostgresFact]
    public async Task A_wrong_password_and_an_unknown_account_get_the_same_answer()
    {
        using var client = api.Client();
        var (email, password) = await api.NewUserAsync(Roles.Viewer);
        using var wrong = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password + "x"));
        using var unknown = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest("nobody@portal.local", password));
        var first = await wrong.ProblemAsync(HttpStatusCode.Unauthorized, "invalid-credentials");
        var second = await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "invalid-credentials");
        Assert.Equal(first.GetProperty("title").GetString(), second.GetProperty("title").GetString());
        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
    }

    [PostgresFact]
    public async Task An_unknown_account_costs_as_much_hashing_as_a_known_one()
    {
        using var client = api.Client();
        var (email, _) = await api.NewUserAsync(Roles.Viewer);
        var before = api.PasswordsChecked;
        await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, "wrong"));
        Assert.Equal(before + 1, api.PasswordsChecked);
        await client.PostAsJsonAsync("/api/auth/login", new LoginRequest("no-such-account@portal.local", "wrong"));
        Assert.Equal(before + 2, api.PasswordsChecked);
    }

    [PostgresFact]
    public async Task The_log_tells_who_came_in_and_never_what_was_typed_instead_of_an_email()
    {
        using var client = api.Client();
        await client.PostAsJsonAsync("/api/auth/login", new LoginRequest("My-secret-passphrase", "Other-secret-9"));
        await api.AdminAsync();
        Assert.Contains(api.Log.All, line => line.StartsWith($"Signed in {ApiHost.AdminEmail} from 127.0.0.1", StringComparison.Ordinal));
        Assert.Contains(api.Log.All, line => line.StartsWith("Refused a sign-in as an unknown account", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.All, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains(ApiHost.AdminPassword, StringComparison.Ordinal));
        Assert.Contains($"Seeded default admin {ApiHost.AdminEmail}", api.Log.All);
    }

    [PostgresFact]
    public async Task The_email_is_taken_in_any_case()
    {
        using var client = await api.SignedInAsync("ADMIN@Portal.Local", ApiHost.AdminPassword);
        var me = await (await client.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>();
        Assert.Equal(ApiHost.AdminEmail, me.Email);
    }

    [PostgresTheory]
    [InlineData("""{"email":"a@b","password":""}""", "password")]
    [InlineData("""{"email":" ","password":"x"}""", "email")]
    [InlineData("""{"email":"a\u0000@b","password":"x"}""", "email")]
    [InlineData("""{"email":5,"password":"x"}""", "email")]
    [InlineData("{}", "email", "password")]
    public async Task A_sign_in_that_lacks_something_names_the_field(string body, params string[] fields)
    {
        using var client = api.Client();
        using var answer = await client.PostAsync("/api/auth/login", new StringContent(body, null, "application/json"));
        await answer.InvalidAsync(fields);
    }

    private static async Task<HttpStatusCode> MeAsync(HttpClient client, string cookie, string scheme)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me") { Headers = { { "Cookie", cookie }, { "X-Forwarded-Proto", scheme } } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
