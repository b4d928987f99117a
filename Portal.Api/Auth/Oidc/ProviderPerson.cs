using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Portal.Api.Auth.Oidc;

/// <summary>Somebody as the provider names them.</summary>
/// <param name="Issuer">Who says so, <c>iss</c>. With <paramref name="Subject"/> it is the identity; an address is none, since addresses change hands.</param>
/// <param name="Subject"><c>sub</c>, at most 255 ASCII characters (OpenID Connect Core §2).</param>
/// <param name="Email">As the provider wrote it; null where it said none.</param>
/// <param name="EmailVerified">Whether the provider vouches for the address.</param>
/// <param name="RoleValues">Values of <see cref="OidcOptions.RoleClaim"/>.</param>
internal sealed record ProviderPerson(string Issuer, string Subject, string? Email, bool EmailVerified, IReadOnlyCollection<string> RoleValues)
{
    public static ProviderPerson Of(ClaimsPrincipal principal, OidcOptions options) => new(
        principal.FindFirstValue(JwtRegisteredClaimNames.Iss)!,
        principal.FindFirstValue(JwtRegisteredClaimNames.Sub)!,
        principal.FindFirstValue(JwtRegisteredClaimNames.Email)?.Trim(),
        // Written as a text by some.
        options.TrustEmail || (bool.TryParse(principal.FindFirstValue(JwtRegisteredClaimNames.EmailVerified), out var verified) && verified),
        options.MapsRoles ? [.. principal.FindAll(options.RoleClaim!.Trim()).Select(claim => claim.Value)] : []);

    /// <summary>
    /// Adds what the ID token lacks and the provider says at its userinfo endpoint (Okta's tokens are short). An address and what vouches for it are of one
    /// place, never one from here and one from there.
    /// </summary>
    public static void Complete(ClaimsIdentity identity, JsonElement said, OidcOptions options)
    {
        if ((Lacks(identity, JwtRegisteredClaimNames.Email) || Lacks(identity, JwtRegisteredClaimNames.EmailVerified)) && said.TryGetProperty(JwtRegisteredClaimNames.Email, out _))
        {
            foreach (var claim in (string[])[JwtRegisteredClaimNames.Email, JwtRegisteredClaimNames.EmailVerified])
            {
                foreach (var former in identity.FindAll(claim).ToList()) identity.RemoveClaim(former);
                Take(identity, said, claim);
            }
        }

        if (options.MapsRoles && Lacks(identity, options.RoleClaim!.Trim())) Take(identity, said, options.RoleClaim!.Trim());
    }

    private static bool Lacks(ClaimsIdentity identity, string claim) => !identity.HasClaim(found => found.Type == claim);

    private static void Take(ClaimsIdentity identity, JsonElement said, string claim)
    {
        if (!said.TryGetProperty(claim, out var value)) return;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value])
            identity.AddClaim(new Claim(claim, one.ToString()));
    }
}
