namespace Portal.Web.Theme;

/// <summary>A customer's brand colour made fit for text and buttons, for light and dark.</summary>
/// <param name="Brand">Links, the chosen entry of the navigation, buttons.</param>
/// <param name="Ink">Text on <paramref name="Brand"/>.</param>
/// <param name="Soft">Ground of the chosen entry.</param>
public sealed record BrandColours(ColourPair Brand, ColourPair Ink, ColourPair Soft)
{
    /// <summary>Contrast that text needs (WCAG 2 AA).</summary>
    public const double Needed = 4.5;

    private const double Step = 0.04;

    /// <summary>The product's own.</summary>
    public static BrandColours Default { get; } = new(DesignTokens.Colours["--brand"], DesignTokens.Colours["--brand-ink"], DesignTokens.Colours["--brand-soft"]);

    /// <summary>
    /// From one colour: it is darkened (lightened where it is dark) until text in it can be read on the page's surfaces. What is no
    /// colour gives the product's own.
    /// </summary>
    /// <param name="colour"><c>#rrggbb</c>.</param>
    public static BrandColours From(string? colour)
    {
        if (!Colour.TryParse(colour, out var wished)) return Default;
        var surface = DesignTokens.Colours["--surface"];
        var (light, lightSoft) = Fit(wished, Colour.Parse(surface.Light), new Colour(0, 0, 0));
        var (dark, darkSoft) = Fit(wished, Colour.Parse(surface.Dark), Colour.White);
        return new BrandColours(Pair(light, dark), Pair(InkOn(light), InkOn(dark)), Pair(lightSoft, darkSoft));
    }

    /// <summary>Whether it is shown as it is in the light theme, or has to be changed to be read.</summary>
    public static bool IsReadable(Colour colour) => From(colour.ToString()).Brand.Light == colour.ToString();

    private static (Colour Brand, Colour Soft) Fit(Colour wished, Colour surface, Colour towards)
    {
        for (var share = 0.0; ; share += Step)
        {
            var brand = wished.Mix(towards, Math.Min(share, 1));
            var soft = surface.Mix(brand, 0.12);
            if (share >= 1 || (brand.ContrastTo(surface) >= Needed && brand.ContrastTo(soft) >= Needed)) return (brand, soft);
        }
    }

    private static Colour InkOn(Colour brand) => brand.ContrastTo(Colour.White) >= Needed ? Colour.White : brand.Mix(new Colour(0, 0, 0), 0.85);

    private static ColourPair Pair(Colour light, Colour dark) => new(light.ToString(), dark.ToString());
}
