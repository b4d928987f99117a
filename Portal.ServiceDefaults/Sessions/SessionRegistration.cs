using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.ServiceDefaults.Sessions;

public static class SessionRegistration
{
    /// <summary>
    /// Authentication by the API's sessions, as the default scheme, for services other than the API. Finds the API by
    /// service discovery as <c>http://api</c>.
    /// </summary>
    /// <param name="signInPath">Where a service that shows pages sends people who are not signed in; null answers 401.</param>
    /// <param name="twoFactorPath">Where it sends admins who have to set up two-factor first; null answers 403.</param>
    public static AuthenticationBuilder AddPortalSessions(this IServiceCollection services, string? signInPath = null, string? twoFactorPath = null)
    {
        // The callers' cookies travel as they came; a cookie container would mix them up.
        services
            .AddHttpClient(SessionAuthentication.SchemeName, api =>
            {
                api.BaseAddress = new Uri("http://api");
                api.Timeout = SessionChecks.Patience;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        services.AddSingleton(provider => new SessionChecks(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(SessionAuthentication.SchemeName),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SessionChecks>>()));
        services.AddExceptionHandler<SessionOutages>();
        return services
            .AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<SessionOptions, SessionAuthentication>(SessionAuthentication.SchemeName, options => (options.SignInPath, options.TwoFactorPath) = (signInPath, twoFactorPath));
    }
}
