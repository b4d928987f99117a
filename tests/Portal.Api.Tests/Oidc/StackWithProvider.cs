using System.Net;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Testing;

namespace Portal.Api.Tests.Oidc;

/// <summary>A stack beside a provider whose groups give its roles.</summary>
public class StackWithProvider : IAsyncLifetime
{
    public const string Admins = "portal-admins";
    public const string Viewers = "portal-viewers";
    private static int people;

    public ApiHost Api { get; } = new();

    public OidcServer Server { get; private set; } = null!;

    /// <summary>Set before start.</summary>
    public Dictionary<string, string?> Settings => Api.Settings;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true") return;
        Server = await OidcServer.StartAsync(await PostgresServer.CreateDatabaseAsync("oidc"), $"{Settings["Application:PublicUrl"]}/api/auth/oidc/callback");
        foreach (var (key, value) in new Dictionary<string, string?>
        {
            ["Oidc:Authority"] = Server.Url,
            ["Oidc:ClientId"] = OidcServer.ClientId,
            ["Oidc:ClientSecret"] = OidcServer.ClientSecret,
            ["Oidc:Name"] = "Contoso",
            ["Oidc:RoleClaim"] = "groups",
            ["Oidc:AdminValue"] = Admins,
            ["Oidc:ViewerValue"] = Viewers,
        })
            Settings.TryAdd(key, value);
        await Api.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)Api).DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
    }

    /// <summary>Starts one that a single test needs.</summary>
    public static async Task<StackWithProvider> StartAsync(params (string Key, string? Value)[] settings)
    {
        var stack = new StackWithProvider();
        foreach (var (key, value) in settings) stack.Settings[key] = value;
        await stack.InitializeAsync();
        return stack;
    }

    /// <summary>Somebody whom nobody has seen yet.</summary>
    public static Someone Somebody(params string[] groups)
    {
        var number = Interlocked.Increment(ref people);
        return new Someone($"subject-{number}", $"someone{number}@contoso.example", Roles: groups);
    }

    /// <summary>The browser's way from the button to the page it ends at.</summary>
    public async Task<HttpResponseMessage> SignInAsync(HttpClient browser, Someone? person, string returnUrl = "/") =>
        await browser.GetAsync(await ReturnAsync(browser, person, returnUrl));

    /// <summary>The same to where the provider sends the browser back: path and query of the callback, not asked yet.</summary>
    public async Task<string> ReturnAsync(HttpClient browser, Someone? person, string returnUrl = "/")
    {
        using var begun = await browser.GetAsync($"/api/auth/oidc?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        Assert.StartsWith(Server.Url + "/authorize?", begun.Headers.Location!.ToString(), StringComparison.Ordinal);
        return await AtProviderAsync(begun.Headers.Location, person);
    }

    /// <summary>The provider's part: it sends the browser to the stack's public address.</summary>
    public async Task<string> AtProviderAsync(Uri asked, Someone? person)
    {
        Server.Next = person;
        using var outside = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answered = await outside.GetAsync(asked);
        Assert.Equal(HttpStatusCode.Redirect, answered.StatusCode);
        var back = answered.Headers.Location!;
        Assert.StartsWith($"{Settings["Application:PublicUrl"]}/api/auth/oidc/callback?", back.ToString(), StringComparison.Ordinal);
        return back.PathAndQuery;
    }

    /// <summary>A browser in which <paramref name="person"/> is signed in.</summary>
    public async Task<(HttpClient Browser, SignedInUser Me)> SignedInAsync(Someone person)
    {
        var browser = Api.Client();
        using var answer = await SignInAsync(browser, person);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        return (browser, await (await browser.GetAsync("/api/auth/me")).ReadAsync<SignedInUser>());
    }

    /// <summary>Asserts that the browser ends at the sign-in page for this reason, and that nobody is signed in.</summary>
    public static async Task RefusedAsync(HttpClient browser, HttpResponseMessage answer, string reason)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith($"/sign-in?refused={reason}", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.Contains("portal-session", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/auth/me")).StatusCode);
    }

    /// <summary>The account with this address, as admins see it; null: there is none.</summary>
    public async Task<UserItem?> AccountAsync(string email)
    {
        using var admin = await Api.AdminAsync();
        return (await (await admin.GetAsync("/api/users")).ReadAsync<Contracts.Page<UserItem>>()).Items.SingleOrDefault(user => user.Email == email);
    }
}
