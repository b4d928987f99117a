using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Portal.Api.Application;

namespace Portal.Api.Auth.Oidc;

internal static class OidcRegistration
{
    public const string Scheme = "Oidc";

    /// <summary>Where the provider sends people back to; registered there with the stack's public address before it.</summary>
    public const string CallbackPath = "/api/auth/oidc/callback";

    private const string CookiePrefix = "portal-oidc-";

    // A person waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sign-in at a provider, where one is set.</summary>
    public static void AddOidc(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptionsValidation>();
        if (string.IsNullOrWhiteSpace(builder.Configuration[$"{OidcOptions.SectionName}:{nameof(OidcOptions.Authority)}"])) return;

        services.AddScoped<ProviderSignIn>();
        services.AddScoped<ProviderEvents>();
        services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IOptions<OidcOptions>, IOptions<ApplicationOptions>>(
            (options, provider, application) => Configure(options, provider.Value, application.Value.IsPublicHttps));
    }

    /// <summary>Forgets sign-ins that this browser began and never ended, before their cookies are more than a request may carry.</summary>
    public static void ForgetUnended(HttpContext http, bool secure)
    {
        const int most = 8;
        var begun = http.Request.Cookies.Keys.Where(name => name.StartsWith(CookieName(secure), StringComparison.Ordinal)).ToList();
        if (begun.Count <= most) return;
        foreach (var name in begun) http.Response.Cookies.Delete(name, new CookieOptions { Path = "/", Secure = secure });
    }

    private static void Configure(OpenIdConnectOptions options, OidcOptions provider, bool secure)
    {
        options.Authority = provider.Authority;
        options.RequireHttpsMetadata = !provider.Authority!.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        options.ClientId = provider.ClientId!.Trim();
        options.ClientSecret = provider.ReadSecret();
        options.Scope.Clear();
        foreach (var scope in provider.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)) options.Scope.Add(scope);
        options.CallbackPath = CallbackPath;
        options.SignInScheme = SessionAuth.StartScheme;
        options.EventsType = typeof(ProviderEvents);

        // A code in the address, worth nothing without the verifier and the secret, comes by a GET that other sites may make a browser send: so cookies
        // can be Lax, and the guard against posts of other sites has no exception.
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.DisableTelemetry = true;

        options.BackchannelTimeout = Patience;
        // Whoever could send the token request elsewhere would be sent the secret.
        options.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };

        // As the session's: a neighbour below the same domain can't plant the beginning of a sign-in of its own.
        foreach (var (cookie, name) in new[] { (options.CorrelationCookie, "state."), (options.NonceCookie, "nonce.") })
        {
            cookie.Name = CookieName(secure) + name;
            cookie.Path = "/";
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        }
    }

    private static string CookieName(bool secure) => secure ? "__Host-" + CookiePrefix : CookiePrefix;
}
