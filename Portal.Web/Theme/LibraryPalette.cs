using System.Globalization;
using System.Text;

namespace Portal.Web.Theme;

/// <summary>
/// MudBlazor's theme variables, derived from the tokens. Its own theme provider writes an inline style element, which the content
/// policy forbids, and knows light or dark only once a circuit is up; variables in a stylesheet need neither.
/// </summary>
internal static class LibraryPalette
{
    private static readonly (string Name, string Token, string Ink)[] Accents =
    [
        ("primary", "--brand", "--brand-ink"),
        ("secondary", "--ink-2", "--surface"),
        ("tertiary", "--series-3", "--surface"),
        ("info", "--brand", "--brand-ink"),
        ("success", "--good", "--surface"),
        ("warning", "--warn", "--surface"),
        ("error", "--bad", "--bad-ink"),
        ("dark", "--ink", "--surface"),
    ];

    // The library blends these itself and wants their parts: "11,93,122".
    private static readonly (string Name, string Token)[] Parts =
        [.. Accents.Select(accent => (accent.Name, accent.Token)), ("text-primary", "--ink"), ("divider", "--line"), ("surface", "--surface")];

    private static readonly (string Name, string Value)[] Plain =
    [
        ("palette-black", "var(--ink)"), ("palette-white", "var(--surface)"),
        ("palette-text-primary", "var(--ink)"), ("palette-text-secondary", "var(--ink-2)"), ("palette-text-disabled", "var(--ink-3)"),
        ("palette-action-default", "var(--ink-2)"), ("palette-action-default-hover", "color-mix(in srgb, var(--ink) 6%, transparent)"),
        ("palette-action-disabled", "var(--ink-3)"), ("palette-action-disabled-background", "var(--line-2)"),
        ("palette-background", "var(--bg)"), ("palette-background-gray", "var(--line-2)"), ("palette-surface", "var(--surface)"),
        ("palette-drawer-background", "var(--surface)"), ("palette-drawer-text", "var(--ink-2)"), ("palette-drawer-icon", "var(--ink-2)"),
        ("palette-appbar-background", "var(--surface)"), ("palette-appbar-text", "var(--ink)"),
        ("palette-lines-default", "var(--line)"), ("palette-lines-inputs", "var(--line-field)"),
        ("palette-table-lines", "var(--line-2)"), ("palette-table-striped", "var(--surface-2)"), ("palette-table-hover", "var(--surface-2)"),
        ("palette-divider", "var(--line)"), ("palette-divider-light", "var(--line-2)"), ("palette-skeleton", "var(--line-2)"),
        ("palette-gray-default", "var(--ink-3)"), ("palette-gray-light", "var(--line)"), ("palette-gray-lighter", "var(--line-2)"),
        ("palette-gray-dark", "var(--ink-2)"), ("palette-gray-darker", "var(--ink-2)"),
        ("palette-overlay-dark", "light-dark(#12161d66, #000000a6)"), ("palette-overlay-light", "color-mix(in srgb, var(--surface) 60%, transparent)"),
        ("palette-border-opacity", "0.4"), ("palette-hover-opacity", "0.06"),
        ("ripple-color", "var(--ink)"), ("ripple-opacity", "0"), ("ripple-opacity-secondary", "0"),
        ("default-borderradius", "var(--radius-small)"), ("appbar-height", "0px"), ("theme-on-surface", "var(--ink)"),
        ("drawer-width-left", "var(--nav-width)"), ("drawer-width-right", "var(--nav-width)"),
        ("zindex-drawer", "1100"), ("zindex-appbar", "1100"), ("zindex-popover", "1500"), ("zindex-select", "1510"),
        ("zindex-dialog", "1400"), ("zindex-snackbar", "1600"), ("zindex-tooltip", "1700"),
    ];

    // Name in the library, and size and weight from the tokens' scale.
    private static readonly (string Names, string Weight, string Size, string Height)[] Type =
    [
        ("default body1 body2 subtitle1 input", "400", "14px", "1.5"),
        ("button subtitle2", "500", "13px", "1.4"),
        ("caption overline", "400", "12.5px", "1.4"),
        ("h6 h5", "600", "14px", "1.4"),
        ("h4 h3 h2 h1", "600", "20px", "1.3"),
    ];

    /// <summary>Rules for <c>:root</c>, and for its two colour schemes.</summary>
    public static void Write(StringBuilder css, BrandColours brand)
    {
        css.AppendLine(":root{");
        foreach (var (name, value) in Plain) Variable(css, name, value);
        foreach (var (name, token, ink) in Accents)
        {
            Variable(css, $"palette-{name}", $"var({token})");
            Variable(css, $"palette-{name}-text", $"var({ink})");
            Variable(css, $"palette-{name}-darken", $"color-mix(in srgb, var({token}) 88%, var(--ink))");
            Variable(css, $"palette-{name}-lighten", $"color-mix(in srgb, var({token}) 88%, var(--surface))");
            Variable(css, $"palette-{name}-hover", $"color-mix(in srgb, var({token}) 8%, transparent)");
        }

        for (var level = 0; level <= 25; level++) Variable(css, $"elevation-{level}", level == 0 ? "none" : "var(--shadow)");
        foreach (var (names, weight, size, height) in Type)
        {
            foreach (var name in names.Split(' '))
            {
                Variable(css, $"typography-{name}-family", "var(--font)");
                Variable(css, $"typography-{name}-weight", weight);
                Variable(css, $"typography-{name}-size", size);
                Variable(css, $"typography-{name}-lineheight", height);
                Variable(css, $"typography-{name}-letterspacing", "normal");
                Variable(css, $"typography-{name}-text-transform", "none");
            }
        }

        css.AppendLine("}");
        Scheme(css, ":root", brand, pair => pair.Light);
        css.AppendLine("@media (prefers-color-scheme: dark){");
        Scheme(css, ":root:not([data-theme=light])", brand, pair => pair.Dark);
        css.AppendLine("}");
        Scheme(css, "[data-theme=dark]", brand, pair => pair.Dark);
    }

    private static void Scheme(StringBuilder css, string selector, BrandColours brand, Func<ColourPair, string> pick)
    {
        css.Append(selector).AppendLine("{");
        foreach (var (name, token) in Parts)
        {
            var colour = Colour.Parse(pick(token == "--brand" ? brand.Brand : DesignTokens.Colours[token]));
            Variable(css, $"palette-{name}-rgb", string.Create(CultureInfo.InvariantCulture, $"{colour.R},{colour.G},{colour.B}"));
        }

        css.AppendLine("}");
    }

    private static void Variable(StringBuilder css, string name, string value) => css.Append("--mud-").Append(name).Append(':').Append(value).AppendLine(";");
}
