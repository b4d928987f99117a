using Microsoft.Extensions.Options;
using Portal.Contracts.Users;

namespace Portal.Api.Users;

/// <summary>The first account of a stack.</summary>
public sealed class DefaultAdminOptions
{
    public const string SectionName = "Authentication";

    /// <summary>Its email.</summary>
    public string? DefaultAdminEmail { get; set; }

    /// <summary>Its password. Used only while the stack has no admin.</summary>
    public string? DefaultAdminPassword { get; set; }
}

internal sealed class DefaultAdminOptionsValidation : IValidateOptions<DefaultAdminOptions>
{
    public ValidateOptionsResult Validate(string? name, DefaultAdminOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DefaultAdminEmail))
            errors.Add("Authentication__DefaultAdminEmail is missing. Set it to the email of the stack's first admin.");
        if (string.IsNullOrWhiteSpace(options.DefaultAdminPassword))
        {
            errors.Add("Authentication__DefaultAdminPassword is missing. Set it to a strong password for the stack's first admin, "
                + "for instance one made by: openssl rand -base64 32");
        }
        else if (options.DefaultAdminPassword.Length is < PasswordRules.MinimumLength or > PasswordRules.MaximumLength
            || options.DefaultAdminPassword.Distinct().Count() < PasswordRules.DistinctCharacters)
        {
            errors.Add($"Authentication__DefaultAdminPassword must have {PasswordRules.MinimumLength} to {PasswordRules.MaximumLength} characters, "
                + $"at least {PasswordRules.DistinctCharacters} of them different.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
