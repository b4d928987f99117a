using System.ComponentModel.DataAnnotations;
using Portal.Contracts.Users;

namespace Portal.Contracts.Auth;

/// <summary>
/// <c>POST /api/auth/password</c>, one's own password. 204 with a fresh session cookie: every session of the account ends,
/// the caller's old one too.
/// </summary>
/// <param name="CurrentPassword">The password so far; a wrong one counts as a failed sign-in.</param>
/// <param name="NewPassword">At least <see cref="PasswordRules.MinimumLength"/> characters.</param>
public sealed record PasswordChangeRequest(
    [Required, StringLength(PasswordRules.MaximumLength)] string CurrentPassword,
    [Required, StringLength(PasswordRules.MaximumLength, MinimumLength = PasswordRules.MinimumLength)] string NewPassword
);
