using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Portal.Contracts.Users;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Api.Auth;

/// <summary>Cookie authentication whose tickets are rows of the database.</summary>
internal static class SessionAuth
{
    /// <summary>Reads the cookie of a request, and ends its session on sign-out.</summary>
    public const string Scheme = "Session";

    /// <summary>
    /// Starts sessions. A scheme of its own, since the handler that read an old cookie would hand the old key on to whoever signs
    /// in next instead of making a new one.
    /// </summary>
    public const string StartScheme = "Session.Start";

    public static void AddSessionAuth(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidation>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionCookies>();
        services.AddScoped<SessionControl>();
        services.AddAuthentication(Scheme).AddCookie(Scheme).AddCookie(StartScheme);
        foreach (var scheme in (string[])[Scheme, StartScheme])
        {
            services.AddOptions<CookieAuthenticationOptions>(scheme)
                .Configure<SessionStore, SessionCookies, IDataProtectionProvider>(Configure);
        }
    }

    private static void Configure(CookieAuthenticationOptions options, SessionStore store, SessionCookies cookies, IDataProtectionProvider protection)
    {
        options.SessionStore = store;
        options.CookieManager = cookies;
        options.TicketDataFormat = new TicketDataFormat(protection.CreateProtector("Portal.Session", "v1"));
        options.Cookie.Name = SessionCookies.PlainName;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.IsEssential = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        // The store slides the expiry; the cookie itself stays as it was set.
        options.SlidingExpiration = false;
        options.Events = new CookieAuthenticationEvents
        {
            // Programs and pages ask this service alike: a status each can handle, never a redirect.
            OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized),
            OnRedirectToAccessDenied = context => context.HttpContext.User.IsInRole(Roles.AdminWithoutTwoFactor)
                ? TwoFactorSetup.RefuseAsync(context.HttpContext)
                : Answer(context, StatusCodes.Status403Forbidden),
            OnRedirectToLogout = context => Answer(context, StatusCodes.Status200OK),
            OnRedirectToReturnUrl = context => Answer(context, StatusCodes.Status200OK),
        };
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
