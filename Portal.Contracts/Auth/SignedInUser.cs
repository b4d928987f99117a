namespace Portal.Contracts.Auth;

/// <summary>Who is signed in: answer of <c>GET /api/auth/me</c> and of <c>POST /api/auth/login</c>.</summary>
/// <param name="Id">Opaque id of the account.</param>
/// <param name="Email">Its email, as registered.</param>
/// <param name="Role"><see cref="Users.Roles"/>.</param>
public sealed record SignedInUser(string Id, string Email, string Role);
