using Microsoft.Playwright;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.EndToEnd;
using Portal.AppHost.TestRuns;
using Portal.AppHost.Topology;
using Portal.Api.Tests.Oidc;
using Portal.Testing;
using Portal.Web.BrowserTests.Browsing;

namespace Portal.Web.BrowserTests.Stack;

/// <summary>The whole product with one customer, and a browser: one for all tests of this assembly.</summary>
public sealed class TestPortal : RunningPortal, IAsyncLifetime
{
    public const string Customer = "abc0001";

    /// <summary>Of the viewer in each stack.</summary>
    public const string ViewerEmail = "viewer@portal.local";

    private static readonly string[] Flags =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly Dictionary<(string Stack, string Email), string> signedIn = [];
    private OidcServer? provider;
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>What there is to see in the customer's stack.</summary>
    internal Contents Contents { get; private set; } = null!;

    /// <summary>Where people sign in besides passwords, in both stacks.</summary>
    public OidcServer Provider => provider!;

    public async Task InitializeAsync()
    {
        if (BrowserRequirement.Skip is not null) return;
        Assertions.SetDefaultExpectTimeout(Visit.Patience);
        provider = await OidcServer.StartAsync(
            await PostgresServer.CreateDatabaseAsync("provider"), [.. new[] { Customer, Stacks.AdminCode }.Select(stack => Url(stack, "/api/auth/oidc/callback"))]);
        var (exitCode, output) = await UpAsync(customers: 1, new()
        {
            ["Oidc__Authority"] = provider.Url,
            ["Oidc__ClientId"] = OidcServer.ClientId,
            ["Oidc__ClientSecret"] = OidcServer.ClientSecret,
            ["Oidc__Name"] = "Contoso",
            ["Oidc__RoleClaim"] = "groups",
            ["Oidc__ViewerValue"] = "staff",
        });
        Assert.True(exitCode == 0, output);
        Contents = await Contents.MakeAsync(Port);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Find() ?? throw new InvalidOperationException(Chromium.HowToInstall), Args = Flags });
    }

    /// <summary>Address of a path of a stack.</summary>
    public string Url(string stack, string path) => $"http://{stack}.localhost:{Port}{path}";

    /// <summary>A browser of somebody's own, with nothing in it but the session of <paramref name="email"/>; null: nobody is signed in.</summary>
    public async Task<Visit> OpenAsync(string stack = Customer, string? email = Stacks.AdminEmail, Look look = default)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Url(stack, ""),
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = email is null ? null : await SessionAsync(stack, email),
        });
        return await Visit.BeginAsync(context);
    }

    /// <summary>A browser of somebody's own on another portal, not signed in.</summary>
    /// <param name="address">The stack's address there.</param>
    public async Task<Visit> OpenAtAsync(string address) =>
        await Visit.BeginAsync(await browser!.NewContextAsync(new() { BaseURL = address, ReducedMotion = ReducedMotion.Reduce }));

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        await DisposeAsync();
        if (provider is not null) await provider.DisposeAsync();
    }

    // Everybody signs in once; a test that ends its session signs in for itself.
    private async Task<string> SessionAsync(string stack, string email)
    {
        if (signedIn.TryGetValue((stack, email), out var session)) return session;
        await using var visit = await OpenAsync(stack, email: null);
        await visit.SignInAsync(email, AdminPassword.Default);
        return signedIn[(stack, email)] = await visit.Page.Context.StorageStateAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PortalTests : ICollectionFixture<TestPortal>
{
    public const string Name = "portal";
}
