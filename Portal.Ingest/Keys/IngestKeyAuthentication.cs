using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Contracts;
using Portal.Domain.Keys;
using Portal.ServiceDefaults;

namespace Portal.Ingest.Keys;

/// <summary>
/// Lets in who shows a valid ingest key, in one of three ways:
/// <code>
/// Authorization: Bearer pik_…
/// Authorization: Basic base64(anything:pik_…)
/// POST /api/ingest/acuvim?key=pik_…          since a meter's own web page can't set headers
/// </code>
/// A header goes before the query. Who has none is answered 401, never a redirect.
/// </summary>
internal sealed class IngestKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IngestKeyRing keys,
    IngestKeyUse use,
    IProblemDetailsService problems
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "IngestKey";

    /// <summary>The id of the key that a request came with. Only behind authorization.</summary>
    public static Guid KeyOf(ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Shown() is not { } shown)
        {
            return AuthenticateResult.NoResult();
        }

        if (!IngestKeyToken.TryParse(shown, out var token) || await keys.FindAsync(token, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("Not a valid ingest key.");
        }

        use.Note(key);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, key.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = new[] { "Bearer", "Basic realm=\"ingest\"" };
        await problems.TryWriteAsync(
            new ProblemDetailsContext
            {
                HttpContext = Context,
                ProblemDetails =
                {
                    Status = StatusCodes.Status401Unauthorized,
                    Type = Problems.Type(ProblemKinds.InvalidIngestKey),
                    Title = "A valid ingest key is needed.",
                    Detail = "Send it as bearer token, as password of basic authentication, or as ?key=. Keys are made and revoked in the portal.",
                },
            }
        );
    }

    private string? Shown()
    {
        if (Request.Headers.Authorization is [{ Length: > 0 } header])
        {
            return AuthenticationHeaderValue.TryParse(header, out var value) ? FromHeader(value) ?? "" : "";
        }

        return Request.Query["key"] is [{ } key] ? key : null;
    }

    private static string? FromHeader(AuthenticationHeaderValue value)
    {
        if (value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return value.Parameter;
        }

        Span<byte> decoded = stackalloc byte[512];
        return
            value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(value.Parameter ?? "", decoded, out var length)
            && decoded[..length].IndexOf((byte)':') is var colon and >= 0
            ? Encoding.UTF8.GetString(decoded[(colon + 1)..length])
            : null;
    }
}
