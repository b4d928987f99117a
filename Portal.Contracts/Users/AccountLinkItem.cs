namespace Portal.Contracts.Users;

/// <summary>Answer of <c>POST /api/users/{id}/link</c>: a link with which the account's owner chooses its password, once. An earlier one is void.</summary>
/// <param name="Link">Path of a page of this portal, with the secret behind <c>#</c>, which no browser sends to a server. Shown here alone.</param>
/// <param name="ExpiresAt">Until when it can be used.</param>
public sealed record AccountLinkItem(string Link, DateTimeOffset ExpiresAt);
