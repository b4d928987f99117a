using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Push;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Domain.Keys;

namespace Fleet.Aggregator.Tokens;

/// <summary>
/// Lets in the stack that shows its customer's token in force: <c>Authorization: Bearer pft_…</c>. Everybody else is answered 401. Where the
/// token was one of a customer's, the customer's ingest events say so: an operator sees why nothing comes any more.
/// </summary>
internal sealed class FleetTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    FleetTokens tokens,
    RefusedPushes refused,
    TimeProvider clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "FleetToken";

    private KnownToken? known;

    /// <summary>The key of the customer whose stack sends. Only behind authorization.</summary>
    public static int CustomerOf(ClaimsPrincipal stack) =>
        int.Parse(stack.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>Its code.</summary>
    public static string CodeOf(ClaimsPrincipal stack) => stack.FindFirstValue(ClaimTypes.Name)!;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ Length: > 0 } header])
        {
            return AuthenticateResult.NoResult();
        }

        if (
            !AuthenticationHeaderValue.TryParse(header, out var value)
            || !value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            || !FleetToken.TryParse(value.Parameter, out var token)
        )
        {
            return AuthenticateResult.Fail("Not a fleet token.");
        }

        known = await tokens.FindAsync(token, Context.RequestAborted);
        if (known is not { Active: true, RetiredAt: null })
        {
            return AuthenticateResult.Fail("Not a fleet token in force.");
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, known.CustomerId.ToString(CultureInfo.InvariantCulture)),
                new Claim(ClaimTypes.Name, known.CustomerCode),
            ],
            SchemeName
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var refusal = known switch
        {
            null => PushRefusal.UnknownToken,
            { RetiredAt: { } at } => PushRefusal.RetiredToken(at),
            _ => PushRefusal.CustomerDisabled,
        };
        if (known is not null)
        {
            await refused.NoteAsync(new PushReceipt(known.CustomerId, clock) { Bytes = Request.ContentLength ?? 0 }, refusal);
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        await refusal.ToResult(Context).ExecuteAsync(Context);
    }
}
