using Microsoft.AspNetCore.Identity;

namespace Portal.Api.Users;

/// <summary>Identity's errors as errors of fields.</summary>
internal static class IdentityErrors
{
    /// <summary>True where the account exists already.</summary>
    public static bool IsDuplicate(this IdentityResult result) =>
        result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail));

    /// <param name="passwordField">Name of the password's field on the wire.</param>
    public static Dictionary<string, string[]> Fields(this IdentityResult result, string passwordField) => result.Errors
        .GroupBy(error => error.Code.StartsWith("Password", StringComparison.Ordinal) ? passwordField : "email")
        .ToDictionary(field => field.Key, field => field.Select(error => error.Description).ToArray());
}
