using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>How a service treats people who are not signed in.</summary>
public sealed class SessionOptions : AuthenticationSchemeOptions
{
    /// <summary>Path of the sign-in page to redirect to, for services that show pages; null answers 401.</summary>
    public string? SignInPath { get; set; }

    /// <summary>
    /// Path of the page on which an admin sets up two-factor, for the service that has it: there such a person is signed in, in a role of its own that
    /// policies have to name. For all others nobody is, and the answer is 403.
    /// </summary>
    public string? TwoFactorPath { get; set; }
}

/// <summary>Signs a request in as the person whose cookie the stack's API recognises.</summary>
public sealed class SessionAuthentication(
    IOptionsMonitor<SessionOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionChecks sessions
) : AuthenticationHandler<SessionOptions>(options, loggers, encoder)
{
    public const string SchemeName = "PortalSession";

    /// <summary>Names the API gives the session's cookie: under HTTPS, and under plain HTTP on a developer's machine.</summary>
    public static readonly string[] CookieNames = ["__Host-portal-session", "portal-session"];

    private bool mustSetUpTwoFactor;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // An error page is shown to anybody: asking again what has just failed would leave a blank one.
        if (Context.Features.Get<IExceptionHandlerFeature>() is not null || !Array.Exists(CookieNames, name => Request.Cookies.ContainsKey(name)))
        {
            return AuthenticateResult.NoResult();
        }

        var cookies = Request.Headers.Cookie.ToString();

        var person = await sessions.WhoAsync(cookies, Context.RequestAborted);
        if (person is null)
        {
            return AuthenticateResult.NoResult();
        }

        mustSetUpTwoFactor = person.MustSetUpTwoFactor;
        if (mustSetUpTwoFactor && Options.TwoFactorPath is null)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = new ClaimsIdentity(SessionAuthentication.SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, person.User));
        identity.AddClaim(new Claim(ClaimTypes.Role, person.Role));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SessionAuthentication.SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (mustSetUpTwoFactor)
        {
            return TwoFactorSetup.RefuseAsync(Context);
        }

        if (Options.SignInPath is null)
        {
            return base.HandleChallengeAsync(properties);
        }

        var back = Request.PathBase + Request.Path + Request.QueryString;
        Response.Redirect(back is "/" ? Options.SignInPath : $"{Options.SignInPath}?returnUrl={Uri.EscapeDataString(back)}");
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!mustSetUpTwoFactor)
        {
            return base.HandleForbiddenAsync(properties);
        }

        if (!HttpMethods.IsGet(Request.Method))
        {
            return TwoFactorSetup.RefuseAsync(Context);
        }

        Response.Redirect(Options.TwoFactorPath!);
        return Task.CompletedTask;
    }
}
