using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Users;

/// <summary><c>POST /api/users</c>: 201 with a <see cref="UserItem"/>, 409 where the email is taken.</summary>
/// <param name="Email"><see cref="EmailRules"/>.</param>
/// <param name="Password">First password; its owner should change it. Null: nobody can sign in until a link was used (<c>POST /api/users/{id}/link</c>).</param>
/// <param name="Role"><see cref="Roles"/>.</param>
public sealed record UserCreateRequest(
    [Required, StringLength(EmailRules.MaximumLength), RegularExpression(EmailRules.Pattern, ErrorMessage = "Must be an email address in ASCII.")]
        string Email,
    [StringLength(PasswordRules.MaximumLength, MinimumLength = PasswordRules.MinimumLength)] string? Password,
    [Required, AllowedValues(Roles.Admin, Roles.Viewer, ErrorMessage = "Must be Admin or Viewer.")] string Role
);

/// <summary><c>PUT /api/users/{id}</c>: 200 with the <see cref="UserItem"/>; 409 where no active admin would be left.</summary>
/// <param name="Role"><see cref="Roles"/>; acts on the very next request of the account.</param>
/// <param name="Active">False ends every session of the account at once.</param>
public sealed record UserUpdateRequest(
    [Required, AllowedValues(Roles.Admin, Roles.Viewer, ErrorMessage = "Must be Admin or Viewer.")] string Role,
    [Required] bool? Active
);

/// <summary><c>POST /api/users/{id}/password</c>: an admin sets another password; 204, and every session of the account ends.</summary>
public sealed record UserPasswordRequest(
    [Required, StringLength(PasswordRules.MaximumLength, MinimumLength = PasswordRules.MinimumLength)] string Password
);
