using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Portal.Api.Auth.Oidc;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;
using static Portal.Api.Tests.Oidc.StackWithProvider;

namespace Portal.Api.Tests.Oidc;

/// <summary>What the provider's settings do, and what is said of wrong ones.</summary>
public sealed class OidcSettingsTests
{
    private static readonly Dictionary<string, string?> Right = new()
    {
        ["Application:PublicUrl"] = "https://abc0001.portal.example.com",
        ["Oidc:Authority"] = "https://login.example.com/realms/acme",
        ["Oidc:ClientId"] = "portal",
        ["Oidc:ClientSecret"] = "secret",
    };

    [Theory]
    [InlineData("")]
    [InlineData("", "Oidc:RoleClaim", "groups", "Oidc:AdminValue", "a", "Oidc:ViewerValue", "b")]
    [InlineData("", "Oidc:Authority", "http://keycloak.localhost:8090/realms/acme")]
    [InlineData("", "Oidc:Authority", "https://login.microsoftonline.com/0f8fad5b-d9cb-469f-a165-70867728950e/v2.0")]
    [InlineData("", "Oidc:Authority", null, "Oidc:ClientId", null, "Oidc:ClientSecret", null, "Application:PublicUrl", null)]
    // As a manifest gives what nobody has set.
    [InlineData("", "Oidc:RoleClaim", "", "Oidc:AdminValue", "", "Oidc:ViewerValue", "", "Oidc:Name", "", "Oidc:ClientSecretFile", "")]
    [InlineData("Oidc__Authority is missing", "Oidc:Authority", null)]
    [InlineData("Oidc__Authority is missing", "Oidc:Authority", " ")]
    [InlineData("Oidc__Authority is 'login.example.com'", "Oidc:Authority", "login.example.com")]
    [InlineData("Oidc__Authority is 'https://login.example.com/.well-known/openid-configuration'", "Oidc:Authority", "https://login.example.com/.well-known/openid-configuration")]
    [InlineData("by plain http", "Oidc:Authority", "http://login.example.com")]
    [InlineData("Set your own tenant's", "Oidc:Authority", "https://login.microsoftonline.com/common/v2.0")]
    [InlineData("Set your own tenant's", "Oidc:Authority", "https://login.microsoftonline.com/organizations")]
    [InlineData("Application__PublicUrl is missing", "Application:PublicUrl", null)]
    [InlineData("Oidc__ClientId is missing", "Oidc:ClientId", null)]
    [InlineData("Oidc__ClientSecret is missing", "Oidc:ClientSecret", null)]
    [InlineData("Oidc__ClientSecretFile: the file '/nonexistent/secret' can't be read", "Oidc:ClientSecret", null, "Oidc:ClientSecretFile", "/nonexistent/secret")]
    [InlineData("Oidc__ClientSecretFile: the file '/dev/null' is empty", "Oidc:ClientSecret", null, "Oidc:ClientSecretFile", "/dev/null")]
    [InlineData("Oidc__Name must have at most 40", "Oidc:Name", "A name that is rather long for what is to be a button")]
    [InlineData("Oidc__Scope must contain openid", "Oidc:Scope", "email profile")]
    [InlineData("Oidc__RoleClaim is set without", "Oidc:RoleClaim", "groups")]
    [InlineData("Oidc__RoleClaim is missing although", "Oidc:AdminValue", "a")]
    [InlineData("are the same", "Oidc:RoleClaim", "groups", "Oidc:AdminValue", "a", "Oidc:ViewerValue", "a")]
    public void A_wrong_or_half_setting_is_named_with_what_to_set(string said, params string?[] changes)
    {
        var settings = new Dictionary<string, string?>(Right);
        for (var i = 0; i < changes.Length; i += 2) settings[changes[i]!] = changes[i + 1];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var options = configuration.GetSection(OidcOptions.SectionName).Get<OidcOptions>() ?? new OidcOptions();

        var result = new OidcOptionsValidation(configuration).Validate(null, options);

        if (said.Length == 0) Assert.True(result.Succeeded, result.FailureMessage);
        else Assert.Contains(said, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Without_a_provider_there_is_no_way_to_one_and_a_start_with_half_of_one_ends()
    {
        var api = new ApiHost();
        await api.InitializeAsync();
        await using (api)
        {
            using var client = api.Client();
            Assert.Equal(new SignInWays(), await (await client.GetAsync("/api/auth/ways")).ReadAsync<SignInWays>());
            foreach (var path in (string[])["/api/auth/oidc", "/api/auth/oidc/callback?code=x&state=y"]) Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
            using var admin = await api.AdminAsync();
            using var sent = await admin.PostAsync($"/api/users/{Guid.NewGuid()}/oidc", null);
            await sent.ProblemAsync(HttpStatusCode.Conflict, ProblemKinds.NoProvider);
        }

        await using var half = new ApiHost { Connection = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=none" };
        half.Settings["Oidc:Authority"] = "https://login.example.com";
        var failure = Assert.ThrowsAny<Exception>(half.StartServer);
        Assert.Contains("Oidc__ClientId", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("Oidc__ClientSecret", failure.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Without_a_claim_for_roles_accounts_are_made_here_and_with_only_the_provider_passwords_are_refused_but_for_the_first_admins()
    {
        await using var own = new Disposing(await StackWithProvider.StartAsync(("Oidc:RoleClaim", null), ("Oidc:AdminValue", null), ("Oidc:ViewerValue", null), ("Oidc:Only", "true")));
        var stack = own.Stack;
        var person = Somebody(Admins);
        using var stranger = stack.Api.Client();
        using var answer = await stack.SignInAsync(stranger, person);
        await RefusedAsync(stranger, answer, ProviderRefusals.NoAccount);

        using var admin = await stack.Api.AdminAsync();
        using var made = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(person.Email!, null, Roles.Viewer));
        var (browser, me) = await stack.SignedInAsync(person);
        Assert.Equal(Roles.Viewer, me.Role);
        await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Admin, Active: true));
        var (again, raised) = await stack.SignedInAsync(person);
        Assert.Equal(Roles.Admin, raised.Role);

        Assert.Equal(new SignInWays("Contoso", true), await (await stranger.GetAsync("/api/auth/ways")).ReadAsync<SignInWays>());
        var (email, password) = await stack.Api.NewUserAsync(Roles.Admin);
        using var right = await stranger.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        var problem = await right.ProblemAsync(HttpStatusCode.Unauthorized, ProblemKinds.PasswordsOff);
        Assert.Contains("Contoso", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(right.Headers.Contains("Set-Cookie"));
        using var wrong = await stranger.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, "not-this-one"));
        await wrong.ProblemAsync(HttpStatusCode.Unauthorized, ProblemKinds.InvalidCredentials);
        browser.Dispose();
        again.Dispose();
    }

    [PostgresFact]
    public async Task Where_the_provider_makes_viewers_alone_admins_are_made_here_and_stay_and_a_directory_that_is_trusted_need_not_vouch_for_addresses()
    {
        await using var own = new Disposing(await StackWithProvider.StartAsync(("Oidc:AdminValue", null), ("Oidc:TrustEmail", "true")));
        var stack = own.Stack;
        var person = Somebody(Viewers) with { Verified = null };
        var (browser, me) = await stack.SignedInAsync(person);
        using var admin = await stack.Api.AdminAsync();
        await admin.PutAsJsonAsync($"/api/users/{me.Id}", new UserUpdateRequest(Roles.Admin, Active: true));
        var (again, same) = await stack.SignedInAsync(person);
        Assert.Equal((me.Id, Roles.Admin), (same.Id, same.Role));

        // It still opens no account with a password.
        var (email, _) = await stack.Api.NewUserAsync(Roles.Viewer);
        using var intruder = stack.Api.Client();
        using var answer = await stack.SignInAsync(intruder, Somebody(Viewers) with { Email = email, Verified = null });
        await RefusedAsync(intruder, answer, ProviderRefusals.PasswordAccount);
        browser.Dispose();
        again.Dispose();
    }
}
