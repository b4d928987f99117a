using System.Security.Claims;

namespace Portal.Api.Auth;

/// <summary>What a signed-in request knows of its caller.</summary>
internal static class Principals
{
    private const string SessionClaim = "session";

    /// <param name="session"><c>Session.Id</c>; null where the session is only being started.</param>
    public static ClaimsPrincipal Create(Guid id, string email, string role, byte[]? session = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, id.ToString()),
            new Claim(ClaimTypes.Name, email),
            new Claim(ClaimTypes.Role, role),
            .. session is null ? (Claim[])[] : [new Claim(SessionClaim, Convert.ToHexString(session))],
        ],
        authenticationType: SessionAuth.Scheme));

    public static Guid UserId(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    public static string Email(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name)!;

    public static string Role(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role)!;

    /// <summary><c>Session.Id</c> of the request's session; null where nobody is signed in.</summary>
    public static byte[]? SessionId(this ClaimsPrincipal user) =>
        user.FindFirstValue(SessionClaim) is { } session ? Convert.FromHexString(session) : null;
}
