using Portal.Contracts.Users;

namespace Portal.Api.Auth.Oidc;

/// <summary>The provider that people may sign in with besides a password: one per stack, by OpenID Connect. Without <see cref="Authority"/> there is none.</summary>
public sealed class OidcOptions
{
    public const string SectionName = "Oidc";

    /// <summary>The provider's issuer: <c>https://login.microsoftonline.com/TENANT/v2.0</c>. Below it lies <c>.well-known/openid-configuration</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>As which client this stack is registered there. Each stack is one of its own.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret. This or the next; where both are set this one counts.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A file that holds it, read at start.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>What people call the provider: "Sign in with …". Null: the authority's host.</summary>
    public string? Name { get; set; }

    /// <summary>What is asked for, by blanks. Some providers say groups only where a scope of that name is asked for.</summary>
    public string Scope { get; set; } = "openid email";

    /// <summary>
    /// The claim whose values give roles. Null: roles are given in the portal, to accounts that admins make; else the provider alone decides who comes in.
    /// </summary>
    public string? RoleClaim { get; set; }

    /// <summary>The value that makes an Admin; null: Admins are made in the portal.</summary>
    public string? AdminValue { get; set; }

    /// <summary>The value that makes a Viewer; null: Admins alone come by this way.</summary>
    public string? ViewerValue { get; set; }

    /// <summary>Whether an address counts as verified without <c>email_verified</c>: the provider is the company's own directory, in which nobody chooses an address.</summary>
    public bool TrustEmail { get; set; }

    /// <summary>Whether passwords are refused but for the first admin's.</summary>
    public bool Only { get; set; }

    internal bool IsOn => !string.IsNullOrWhiteSpace(Authority);

    internal bool MapsRoles => !string.IsNullOrWhiteSpace(RoleClaim);

    /// <summary>Null where there is no provider.</summary>
    internal string? DisplayName => !IsOn ? null : string.IsNullOrWhiteSpace(Name) ? new Uri(Authority!).Host : Name.Trim();

    /// <summary>The role that values of the claim give; null: none.</summary>
    internal string? RoleOf(IReadOnlyCollection<string> values) =>
        Has(values, AdminValue) ? Roles.Admin : Has(values, ViewerValue) ? Roles.Viewer : null;

    /// <exception cref="IOException">The file can't be read; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    internal string? ReadSecret() =>
        !string.IsNullOrWhiteSpace(ClientSecret) ? ClientSecret.Trim()
        : !string.IsNullOrWhiteSpace(ClientSecretFile) && File.ReadAllText(ClientSecretFile).Trim() is { Length: > 0 } secret ? secret : null;

    private static bool Has(IReadOnlyCollection<string> values, string? wanted) => !string.IsNullOrWhiteSpace(wanted) && values.Contains(wanted.Trim(), StringComparer.Ordinal);
}
