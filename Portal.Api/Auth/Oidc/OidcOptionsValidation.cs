using Microsoft.Extensions.Options;

namespace Portal.Api.Auth.Oidc;

/// <summary>All that is wrong with the provider's settings, half ones too: somebody who set any of them wants it on.</summary>
internal sealed class OidcOptionsValidation(IConfiguration configuration) : IValidateOptions<OidcOptions>
{
    private const int LongestName = 40;

    public ValidateOptionsResult Validate(string? name, OidcOptions options)
    {
        var errors = options.IsOn ? [.. Provider(options), .. Client(options), .. RoleRules(options)] : Half(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Half(OidcOptions options)
    {
        string?[] texts = [options.ClientId, options.ClientSecret, options.ClientSecretFile, options.RoleClaim, options.AdminValue, options.ViewerValue];
        if (options.Only || options.TrustEmail || texts.Any(text => !string.IsNullOrWhiteSpace(text)))
            yield return "Oidc__Authority is missing although other Oidc__ settings are there. Set it to the provider's issuer, such as https://login.example.com/realms/acme, or take the others away.";
    }

    private IEnumerable<string> Provider(OidcOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            || authority.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal))
        {
            yield return $"Oidc__Authority is '{options.Authority}'. Set it to the provider's issuer, without /.well-known/…, such as https://login.example.com/realms/acme.";
        }
        else if (authority.Scheme == "http" && !authority.IsLoopback && !authority.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Oidc__Authority is '{options.Authority}', by plain http. Set its https address: who is in between could sign in as anybody.";
        }
        else if (authority.Host.Equals("login.microsoftonline.com", StringComparison.OrdinalIgnoreCase) && authority.Segments is [_, var tenant, ..] && tenant.TrimEnd('/') is "common" or "organizations" or "consumers")
        {
            yield return $"Oidc__Authority is '{options.Authority}', which is everybody's. Set your own tenant's: https://login.microsoftonline.com/TENANT-ID/v2.0.";
        }

        if (string.IsNullOrWhiteSpace(configuration["Application:PublicUrl"]))
            yield return "Application__PublicUrl is missing. With Oidc__Authority it is needed: the provider sends people back to this address and no other.";
        if (options.Name?.Trim() is { } shown && (shown.Length > LongestName || shown.Any(char.IsControl)))
            yield return $"Oidc__Name must have at most {LongestName} visible characters.";
        if (!options.Scope.Split(' ').Contains("openid")) yield return "Oidc__Scope must contain openid, as in: openid email.";
    }

    private static IEnumerable<string> Client(OidcOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ClientId)) yield return "Oidc__ClientId is missing. Set it to the client's id that the provider shows.";
        var fault = "Oidc__ClientSecret is missing. Set it, or Oidc__ClientSecretFile, to the client's secret that the provider shows.";
        try
        {
            if (options.ReadSecret() is not null) yield break;
            if (!string.IsNullOrWhiteSpace(options.ClientSecretFile)) fault = $"Oidc__ClientSecretFile: the file '{options.ClientSecretFile}' is empty. Write the client's secret into it.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = $"Oidc__ClientSecretFile: the file '{options.ClientSecretFile}' can't be read ({exception.Message}) Write the client's secret into it, readable for this service's user.";
        }

        yield return fault;
    }

    private static IEnumerable<string> RoleRules(OidcOptions options)
    {
        var valued = !string.IsNullOrWhiteSpace(options.AdminValue) || !string.IsNullOrWhiteSpace(options.ViewerValue);
        if (options.MapsRoles && !valued)
            yield return "Oidc__RoleClaim is set without Oidc__AdminValue and Oidc__ViewerValue: nobody would get in. Set at least one of them.";
        if (!options.MapsRoles && valued)
            yield return "Oidc__RoleClaim is missing although Oidc__AdminValue or Oidc__ViewerValue is set. Set it to the claim that has these values, such as roles or groups.";
        if (valued && options.AdminValue?.Trim() == options.ViewerValue?.Trim())
            yield return "Oidc__AdminValue and Oidc__ViewerValue are the same. Set two values, or one of them alone.";
    }
}
