using System.Globalization;

namespace Portal.Web.Theme;

/// <summary>An sRGB colour, and what two of them look like beside each other.</summary>
public readonly record struct Colour(byte R, byte G, byte B)
{
    public static readonly Colour White = new(255, 255, 255);

    /// <summary>Reads <c>#rrggbb</c>, in either case.</summary>
    public static bool TryParse(string? text, out Colour colour)
    {
        colour = default;
        if (text is not ['#', _, _, _, _, _, _] || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)) return false;
        colour = new Colour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <exception cref="FormatException">It isn't <c>#rrggbb</c>.</exception>
    public static Colour Parse(string text) => TryParse(text, out var colour) ? colour : throw new FormatException($"'{text}' is no colour such as #0b5d7a.");

    /// <summary>This one with a share of another, 0 to 1.</summary>
    public Colour Mix(Colour other, double share) => new(Part(R, other.R, share), Part(G, other.G, share), Part(B, other.B, share));

    /// <summary>Contrast ratio of WCAG 2, 1 to 21; text needs 4.5.</summary>
    public double ContrastTo(Colour other)
    {
        var (a, b) = (Luminance(), other.Luminance());
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary><c>#rrggbb</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    private double Luminance() => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    private static double Linear(byte part) => part / 255.0 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);

    private static byte Part(byte from, byte to, double share) => (byte)Math.Round(from + (to - from) * share);
}
