using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portal.Api.Tests.Oidc;

/// <summary>Somebody at the provider.</summary>
/// <param name="Verified">Null: the provider doesn't say.</param>
/// <param name="Thin">Whether the ID token has the subject alone, and the rest is at the userinfo endpoint.</param>
public sealed record Someone(string Subject, string? Email, bool? Verified = true, string[]? Roles = null, bool Thin = false);

/// <summary>A provider as companies have one: a real OpenID Connect server with a database, whose next sign-in the test decides. It asks nobody anything.</summary>
public sealed class OidcServer : IAsyncDisposable
{
    public const string ClientId = "portal-abc0001";
    public const string ClientSecret = "secret-of-the-client-1";

    private readonly WebApplication app;

    private OidcServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Who signs in next; null: they decline.</summary>
    public Someone? Next { get; set; }

    /// <summary>Replaces the nonce of ID tokens.</summary>
    public string? ForgedNonce { get; set; }

    /// <summary>Whether it breaks connections off.</summary>
    public bool IsAway { get; set; }

    /// <summary>Another secret of the client's from now on.</summary>
    public async Task SetSecretAsync(string secret)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await clients.UpdateAsync((await clients.FindByClientIdAsync(ClientId))!, secret);
    }

    /// <param name="connection">A database of its own.</param>
    /// <param name="redirectUris">Where it sends people to, and nowhere else.</param>
    public static async Task<OidcServer> StartAsync(string connection, params string[] redirectUris)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        OidcServer? server = null;
        builder.Services.AddDbContext<Store>(options => options.UseNpgsql(connection).UseOpenIddict());
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<Store>())
            .AddServer(options =>
            {
                options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
                options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                options.RegisterScopes(Scopes.Email);
                options.AddEncryptionKey(new SymmetricSecurityKey(new byte[32])).AddEphemeralSigningKey();
                options.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableUserInfoEndpointPassthrough();
                options.AddEventHandler<OpenIddictServerEvents.GenerateTokenContext>(handler => handler.SetOrder(int.MinValue).UseInlineHandler(context =>
                {
                    if (server!.ForgedNonce is { } nonce && context.TokenType.EndsWith("id_token", StringComparison.Ordinal)) context.Principal.SetClaim(Claims.Nonce, nonce);
                    return default;
                }));
            });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        server = new OidcServer(app);
        app.Use((http, next) =>
        {
            if (!server.IsAway) return next(http);
            http.Abort();
            return Task.CompletedTask;
        });
        app.UseAuthentication();
        app.MapGet("/authorize", server.Authorize);
        app.MapGet("/userinfo", (Delegate)server.UserInfoAsync);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Store>().Database.EnsureCreatedAsync();
            var client = new OpenIddictApplicationDescriptor
            {
                ClientId = ClientId,
                ClientSecret = ClientSecret,
                ConsentType = ConsentTypes.Implicit,
                Permissions =
                {
                    Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code,
                    Permissions.Scopes.Email,
                },
            };
            foreach (var uri in redirectUris) client.RedirectUris.Add(new Uri(uri));
            await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(client);
        }

        await app.StartAsync();
        // What is compiled and connected at first use is so before anybody waits for it.
        using var first = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var discovered = await first.GetAsync("/.well-known/openid-configuration");
        using var keys = await first.GetAsync("/.well-known/jwks");
        using var refused = await first.PostAsync("/token", new FormUrlEncodedContent(
            [new("grant_type", "authorization_code"), new("client_id", ClientId), new("client_secret", ClientSecret), new("code", "none"), new("code_verifier", new string('v', 43))]));
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private IResult Authorize(HttpContext http)
    {
        if (Next is not { } person) return Results.Forbid(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Subject);
        foreach (var (name, value) in Said(person))
        {
            if (value is bool yes) identity.SetClaim(name, yes);
            else if (value is string[] several) identity.SetClaims(name, [.. several]);
            else identity.SetClaim(name, (string)value);
        }

        identity.SetScopes(http.GetOpenIddictServerRequest()!.GetScopes());
        identity.SetDestinations(claim => person.Thin && claim.Type != Claims.Subject ? [Destinations.AccessToken] : [Destinations.AccessToken, Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private async Task<IResult> UserInfoAsync(HttpContext http)
    {
        var token = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        var said = Next is { } person ? Said(person) : [];
        return Results.Json(new Dictionary<string, object>(said) { [Claims.Subject] = token.GetClaim(Claims.Subject)! });
    }

    private static Dictionary<string, object> Said(Someone person)
    {
        var said = new Dictionary<string, object>();
        if (person.Email is { } email) said[Claims.Email] = email;
        if (person.Verified is { } verified) said[Claims.EmailVerified] = verified;
        if (person.Roles is { } roles) said["groups"] = roles;
        return said;
    }

    private sealed class Store(DbContextOptions<Store> options) : DbContext(options);
}
