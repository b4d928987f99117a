using System.Text.RegularExpressions;

namespace Portal.Web.Theme;

/// <summary>A colour for light and for dark, as <c>#rrggbb</c>.</summary>
public readonly record struct ColourPair(string Light, string Dark);

/// <summary>The colours of <c>wwwroot/tokens.css</c>, which is the one place that has them.</summary>
public static partial class DesignTokens
{
    /// <summary>By name, such as <c>--brand</c>.</summary>
    public static IReadOnlyDictionary<string, ColourPair> Colours { get; } = Read();

    private static Dictionary<string, ColourPair> Read()
    {
        using var stream = typeof(DesignTokens).Assembly.GetManifestResourceStream("tokens.css")!;
        using var reader = new StreamReader(stream);
        var colours = new Dictionary<string, ColourPair>();
        foreach (Match token in Token().Matches(reader.ReadToEnd()))
        {
            var light = token.Groups["light"].Value;
            colours[token.Groups["name"].Value] = new ColourPair(light, token.Groups["dark"] is { Success: true } dark ? dark.Value : light);
        }

        return colours;
    }

    [GeneratedRegex(@"^\s*(?<name>--[a-z0-9-]+): (?:light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\)|(?<light>#[0-9a-f]{6}));", RegexOptions.Multiline)]
    private static partial Regex Token();
}
