using System.ComponentModel.DataAnnotations;
using Portal.Contracts.Users;

namespace Portal.Contracts.Auth;

/// <summary><c>GET /api/auth/two-factor</c>, of one's own account.</summary>
/// <param name="Enabled">Signing in wants a code as well.</param>
/// <param name="RecoveryCodesLeft">Codes that have not been used yet; 0 where it is off.</param>
/// <param name="HasPassword">False: the account signs in at its provider, whose business passwords and further factors are.</param>
/// <param name="Needed">Admins need it here: nothing but the own account is open without it, and it can't be switched off.</param>
public sealed record TwoFactorItem(bool Enabled, int RecoveryCodesLeft, bool HasPassword = true, bool Needed = false);

/// <summary>What the owner of the account proves first. A wrong password counts as a failed sign-in.</summary>
/// <param name="Password">The account's password.</param>
public sealed record TwoFactorRequest([Required, StringLength(PasswordRules.MaximumLength)] string Password);

/// <summary>Answer of <c>POST /api/auth/two-factor/key</c>: what the authenticator app needs. Shown here alone, and of no effect until a code of it comes back.</summary>
/// <param name="Key">The key in groups of four, to type (RFC 4648 base 32).</param>
/// <param name="Uri">The same as <c>otpauth://…</c>, for a QR code.</param>
public sealed record TwoFactorKey(string Key, string Uri);

/// <summary><c>POST /api/auth/two-factor/on</c>: a code of the app that has the new key.</summary>
public sealed record TwoFactorConfirmation([Required, StringLength(32)] string Code);

/// <summary>Ten codes that each let in once in the app's place. Shown here alone.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);
