using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Auth;

/// <summary><c>POST /api/auth/login</c>: 200 with a <see cref="SignedInUser"/> and the session cookie, 401, or 429 with <c>Retry-After</c>.</summary>
/// <param name="Email">Email of the account, any case.</param>
/// <param name="Password">Its password.</param>
/// <param name="Code">Code of the authenticator app or a recovery code, where two-factor is on; null or left out otherwise.</param>
public sealed record LoginRequest(
    [Required, StringLength(256), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string Email,
    [Required, StringLength(128)] string Password,
    [StringLength(32)] string? Code = null
);
