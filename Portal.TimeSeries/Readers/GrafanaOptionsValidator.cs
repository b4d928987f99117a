using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Portal.TimeSeries.Readers;

/// <summary>Says everything that is wrong with the settings of Grafana's role. The password is never quoted.</summary>
internal sealed partial class GrafanaOptionsValidator : IValidateOptions<GrafanaOptions>
{
    /// <summary>
    /// Whoever has the role's name can try passwords wherever the server is reached, and nobody types this one: the 32 random bytes that the
    /// operations guide makes secrets of have 44 characters.
    /// </summary>
    private const int ShortestPassword = 16;

    private const int LongestPassword = 128;

    public ValidateOptionsResult Validate(string? name, GrafanaOptions options)
    {
        var errors = new List<string>();
        if (options.DatabaseUser is { } user && (!RoleName().IsMatch(user) || user.StartsWith("pg_", StringComparison.Ordinal)))
        {
            errors.Add($"Grafana__DatabaseUser is '{user}'; set it to 1 to 63 of a-z, 0-9 and _, not beginning with a digit or pg_, or leave it out.");
        }

        // Printable ASCII: other characters would have to be normalised as the server and every client do it.
        if (options.DatabasePassword is { } password && (password.Length is < ShortestPassword or > LongestPassword || password.Any(letter => letter is <= ' ' or > '~')))
        {
            errors.Add(
                $"Grafana__DatabasePassword must have {ShortestPassword} to {LongestPassword} printable ASCII characters without spaces; "
                    + "make one with: openssl rand -base64 32."
            );
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex RoleName();
}
