namespace Portal.Contracts.Auth;

/// <summary>Answer of <c>GET /api/auth/ways</c>, to everybody: how people sign in here.</summary>
/// <param name="Provider">What people call the provider that signs them in by OpenID Connect (<c>GET /api/auth/oidc</c>); null: there is none.</param>
/// <param name="PasswordsAreForEmergencies">Passwords are refused but for the first admin's.</param>
public sealed record SignInWays(string? Provider = null, bool PasswordsAreForEmergencies = false);
