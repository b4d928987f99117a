using System.Diagnostics.CodeAnalysis;

namespace Fleet.Aggregator.Catalogue;

/// <summary>Names for people as stacks push them.</summary>
internal static class PushedNames
{
    /// <summary>The name without surrounding white space; false where nothing is left, it is too long or has control characters.</summary>
    public static bool TryNormalize(string? text, int maxLength, [NotNullWhen(true)] out string? name)
    {
        name = text?.Trim();
        if (name is { Length: > 0 } && name.Length <= maxLength && !name.Any(char.IsControl))
        {
            return true;
        }

        name = null;
        return false;
    }
}
