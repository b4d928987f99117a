using System.ComponentModel.DataAnnotations;
using Portal.Contracts.Users;

namespace Portal.Contracts.Auth;

/// <summary><c>POST /api/auth/link</c>, by somebody who has a link: 204, and the account has this password; every session of it ends and the link is void.</summary>
/// <param name="Secret">What stands behind <c>#</c> in the link.</param>
/// <param name="NewPassword">At least <see cref="PasswordRules.MinimumLength"/> characters.</param>
public sealed record AccountLinkRequest(
    [Required, StringLength(200)] string Secret,
    [Required, StringLength(PasswordRules.MaximumLength, MinimumLength = PasswordRules.MinimumLength)] string NewPassword
);
