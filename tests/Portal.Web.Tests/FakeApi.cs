using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Contracts.Auth;
using Portal.Contracts.Overview;

namespace Portal.Web.Tests;

/// <summary>What the web needs of a stack's API, over real HTTP: one account, one session, an overview that tests set.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    public const string Email = "admin@example.com";
    public const string Password = "correct-horse";
    private const string SessionCookie = "portal-session=1";

    private readonly WebApplication app;
    private bool signedIn;

    private FakeApi(WebApplication app) => this.app = app;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public OverviewAnswer Overview { get; set; } = new(DateTimeOffset.UnixEpoch, null, null, false, []);

    /// <summary>Header of the newest sign-in by which the API limits guessing.</summary>
    public string? SeenForwardedFor { get; private set; }

    /// <summary>Whoever signs in is an admin who has to set up two-factor first.</summary>
    public bool LacksTwoFactor { get; set; }

    /// <summary>What signing in wants besides the password; null: nothing.</summary>
    public string? Code { get; set; }

    public SignInWays Ways { get; set; } = new();

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new FakeApi(app);
        app.MapGet("/api/auth/check", api.Check);
        app.MapPost("/api/auth/login", api.Login);
        app.MapPost("/api/auth/logout", api.Logout);
        app.MapGet("/api/auth/ways", () => api.Ways);
        app.MapGet("/api/auth/two-factor", () => new TwoFactorItem(!api.LacksTwoFactor, 0, Needed: true));
        app.MapGet("/api/branding", () => new { name = "Acme Foods" });
        app.MapGet("/api/overview", (HttpContext context) => api.HasSession(context) ? Results.Json(api.Overview, JsonSerializerOptions.Web) : Results.Unauthorized());
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private bool HasSession(HttpContext context) => signedIn && context.Request.Headers.Cookie.ToString().Contains(SessionCookie, StringComparison.Ordinal);

    private IResult Check(HttpContext context)
    {
        if (!HasSession(context))
        {
            return Results.Unauthorized();
        }

        context.Response.Headers["X-Webauth-User"] = Email;
        context.Response.Headers["X-Webauth-Role"] = LacksTwoFactor ? "AdminWithoutTwoFactor" : "Admin";
        return LacksTwoFactor ? Results.StatusCode(403) : Results.NoContent();
    }

    private IResult Login(HttpContext context, LoginRequest request)
    {
        SeenForwardedFor = context.Request.Headers["X-Forwarded-For"];
        if (request is not { Email: Email, Password: Password })
        {
            return Results.Problem(statusCode: 401, type: "https://tau-acuvim.portal/problems/invalid-credentials");
        }

        if (Code is not null && request.Code != Code)
        {
            return Results.Problem(statusCode: 401, type: $"https://tau-acuvim.portal/problems/{(request.Code is null ? "two-factor-required" : "invalid-credentials")}");
        }

        signedIn = true;
        context.Response.Headers.SetCookie = SessionCookie + "; path=/; httponly; samesite=lax";
        return Results.Ok(new SignedInUser("1", Email, "Admin"));
    }

    private IResult Logout(HttpContext context)
    {
        signedIn = false;
        context.Response.Headers.SetCookie = "portal-session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
        return Results.NoContent();
    }
}
