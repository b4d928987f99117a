using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Contracts.Auth;
using Portal.Contracts.Branding;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class StackTests
{
    [PostgresFact]
    public async Task A_cookie_of_one_stack_opens_nothing_in_another_even_with_a_copied_key_ring()
    {
        await using var one = await StartAsync(new ApiHost());
        var other = new ApiHost();
        other.Settings["Application:PublicUrl"] = "http://xyz0002.localhost:8080";
        other.Settings["DataProtection:KeysPath"] = one.KeysPath;
        await StartAsync(other);
        await using var _ = other;

        var cookie = await CookieAsync(one);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(one, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(other, cookie));

        // Not for the lack of a session alone: what one protected, the other can't read.
        var secret = one.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x").Protect("y");
        var foreign = other.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("x");
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => foreign.Unprotect(secret));
    }

    [PostgresFact]
    public async Task A_session_outlives_a_restart_with_the_same_key_ring_and_nothing_is_seeded_again()
    {
        var first = await StartAsync(new ApiHost());
        var cookie = await CookieAsync(first);
        await first.DisposeAsync();

        var second = new ApiHost { Connection = first.Connection };
        second.Settings["DataProtection:KeysPath"] = first.KeysPath;
        second.Settings["Authentication:DefaultAdminEmail"] = "second@portal.local";
        await StartAsync(second);
        await using var _ = second;
        Assert.Equal(HttpStatusCode.OK, await MeAsync(second, cookie));
        using var client = second.Client();
        using var answer = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest("second@portal.local", ApiHost.AdminPassword));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(second.Log.All, line => line.StartsWith("Seeded", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Log.All, line => line.StartsWith("The key ring", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_start_without_the_ring_that_the_stack_had_says_why_everybody_has_to_sign_in_again()
    {
        var first = await StartAsync(new ApiHost());
        Assert.DoesNotContain(first.Log.All, line => line.StartsWith("The key ring", StringComparison.Ordinal));
        var cookie = await CookieAsync(first);
        await first.DisposeAsync();

        await using var second = await StartAsync(new ApiHost { Connection = first.Connection });
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(second, cookie));
        Assert.Contains(second.Log.All, line => line.StartsWith($"The key ring in {second.KeysPath} was empty although this stack has been in use", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task The_operators_stack_has_people_and_audit_but_no_meters()
    {
        var api = new ApiHost();
        api.Settings["Application:RunMode"] = "Admin";
        api.Settings["Branding:Name"] = "Fleet of Acme";
        await StartAsync(api);
        await using var _ = api;
        using var admin = await api.AdminAsync();
        foreach (var path in (string[])["/api/users", "/api/audit", "/api/auth/me"])
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(path)).StatusCode);
        foreach (var path in (string[])["/api/sites", "/api/devices", "/api/energy", "/api/overview", "/api/ingest-keys", "/api/devices/1/measurements"])
            Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(path)).StatusCode);

        using var nobody = api.Client();
        Assert.Equal("Fleet of Acme", (await (await nobody.GetAsync("/api/branding")).ReadAsync<BrandingItem>()).Name);
    }

    [PostgresFact]
    public async Task On_a_developers_machine_it_starts_with_every_check_on_and_shows_its_own_reference()
    {
        var api = new ApiHost { Environment = "Development" };
        await StartAsync(api);
        await using var _ = api;
        using var client = api.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/scalar/")).StatusCode);
        using var bad = await client.PostAsync("/api/auth/login", new StringContent("{", null, "application/json"));
        await bad.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        var production = await StartAsync(new ApiHost());
        await using var __ = production;
        using var customer = production.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await customer.GetAsync("/scalar/")).StatusCode);
    }

    [PostgresFact]
    public async Task With_a_public_address_by_tls_the_plain_cookie_is_never_taken()
    {
        var api = new ApiHost();
        api.Settings["Application:PublicUrl"] = "https://abc0001.portal.example.com";
        await StartAsync(api);
        await using var _ = api;
        var cookie = await CookieAsync(api);
        Assert.StartsWith("__Host-portal-session=", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(api, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(api, cookie.Replace("__Host-", "", StringComparison.Ordinal)));
    }

    [PostgresTheory]
    [InlineData("Authentication:DefaultAdminPassword", null, "Authentication__DefaultAdminPassword")]
    [InlineData("Authentication:DefaultAdminPassword", "short", "Authentication__DefaultAdminPassword")]
    [InlineData("Authentication:DefaultAdminEmail", " ", "Authentication__DefaultAdminEmail")]
    [InlineData("Application:PublicUrl", "abc0001.example.com", "Application__PublicUrl")]
    [InlineData("Application:PublicUrl", "https://abc0001.example.com/portal", "Application__PublicUrl")]
    [InlineData("Application:RunMode", "Customer", "RunMode")]
    [InlineData("Sessions:IdleTimeout", "00:00:10", "Sessions__IdleTimeout")]
    [InlineData("Sessions:Lifetime", "01:00:00", "Sessions__Lifetime")]
    [InlineData("SignIn:FailuresPerAddress", "1", "SignIn__FailuresPerAddress")]
    [InlineData("SignIn:FirstPause", "00:00:00", "SignIn__FirstPause")]
    [InlineData("Branding:Name", "", "Branding__Name")]
    [InlineData("DataProtection:KeysPath", "/proc/keys", "DataProtection__KeysPath")]
    public async Task A_bad_setting_stops_the_start_and_is_named(string key, string? value, string named)
    {
        var api = new ApiHost { Connection = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none" };
        await using var _ = api;
        api.Settings[key] = value;
        var failure = Assert.ThrowsAny<Exception>(api.StartServer);
        Assert.True(failure.ToString().Contains(named, StringComparison.Ordinal), failure.ToString());
    }

    private static async Task<ApiHost> StartAsync(ApiHost api)
    {
        await api.InitializeAsync();
        return api;
    }

    private static async Task<string> CookieAsync(ApiHost api)
    {
        using var client = api.BareClient();
        using var answer = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.SessionCookie();
    }

    private static async Task<HttpStatusCode> MeAsync(ApiHost api, string cookie)
    {
        using var client = api.BareClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me") { Headers = { { "Cookie", cookie } } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
