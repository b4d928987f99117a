using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>Signs a request in as the person whose cookie the stack's API recognises.</summary>
public sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionChecks sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "PortalSession";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var cookies = Request.Headers.Cookie.ToString();
        if (cookies.Length == 0)
        {
            return AuthenticateResult.NoResult();
        }

        var person = await sessions.WhoAsync(cookies, Context.RequestAborted);
        if (person is null)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = new ClaimsIdentity(SessionAuthentication.SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, person.User));
        identity.AddClaim(new Claim(ClaimTypes.Role, person.Role));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SessionAuthentication.SchemeName));
    }
}
