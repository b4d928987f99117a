namespace Portal.Contracts.Users;

/// <summary>An account.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Email">Unique, any case.</param>
/// <param name="Role"><see cref="Roles"/>.</param>
/// <param name="Active">False: the account can't sign in and has no session.</param>
/// <param name="TwoFactor">True where signing in wants a code as well.</param>
/// <param name="LastSeenAt">Last use of a session that is still open; null where there is none.</param>
/// <param name="HasPassword">False: nobody can sign in by one before a link was used.</param>
/// <param name="LinkExpiresAt">Until when a link with which the password can be chosen may be used; null where there is none.</param>
/// <param name="Connected">True where the account is connected with somebody at the stack's provider, who signs in by OpenID Connect.</param>
public sealed record UserItem(
    string Id, string Email, string Role, bool Active, bool TwoFactor, DateTimeOffset? LastSeenAt, bool HasPassword = true, DateTimeOffset? LinkExpiresAt = null,
    bool Connected = false);
