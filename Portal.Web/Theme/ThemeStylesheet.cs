using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace Portal.Web.Theme;

/// <summary>The part of the look that depends on the customer: brand colours, and the component library's variables made from all tokens.</summary>
/// <param name="Css">Its text.</param>
/// <param name="Icon">The tab's icon, an SVG.</param>
/// <param name="Version">Changes with both.</param>
public sealed record ThemeStylesheet(string Css, string Icon, string Version)
{
    // One entry per brand colour that was ever tried out in this process, some 10 kB each.
    private static readonly MemoryCache Made = new(new MemoryCacheOptions { SizeLimit = 50 });

    /// <param name="colour">The customer's colour, <c>#rrggbb</c>; null for the product's own.</param>
    public static ThemeStylesheet For(string? colour) => Made.GetOrCreate(colour ?? "", entry =>
    {
        entry.Size = 1;
        return Make(BrandColours.From(colour));
    })!;

    private static ThemeStylesheet Make(BrandColours brand)
    {
        var css = new StringBuilder();
        css.AppendLine(":root{");
        Pair(css, "--brand", brand.Brand);
        Pair(css, "--brand-ink", brand.Ink);
        Pair(css, "--brand-soft", brand.Soft);
        css.AppendLine("}");
        LibraryPalette.Write(css, brand);
        var (text, icon) = (css.ToString(), BrandIcon.Svg(brand));
        return new ThemeStylesheet(text, icon, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + icon)))[..12]);
    }

    private static void Pair(StringBuilder css, string name, ColourPair pair) =>
        css.Append(name).Append(":light-dark(").Append(pair.Light).Append(',').Append(pair.Dark).AppendLine(");");
}
