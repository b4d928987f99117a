using Portal.Contracts.Users;

namespace Portal.Web.Settings;

/// <summary>An account as it was made.</summary>
/// <param name="Link">What its owner gets to choose the password; null where it has one.</param>
public sealed record NewUser(UserItem User, AccountLinkItem? Link);
