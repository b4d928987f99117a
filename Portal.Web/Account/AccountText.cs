namespace Portal.Web.Account;

/// <summary>Texts of one's own account.</summary>
public sealed class AccountText;
