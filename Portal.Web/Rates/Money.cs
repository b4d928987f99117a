using System.Globalization;
using Portal.Contracts.Rates;
using Portal.Web.Figures;

namespace Portal.Web.Rates;

/// <summary>How money, prices, quantities and validities are written.</summary>
public static class Money
{
    /// <summary><c>1,234.56</c>; a dash where unknown.</summary>
    public static string Amount(decimal? amount) => amount?.ToString("#,0.00;−#,0.00", CultureInfo.InvariantCulture) ?? Numbers.Unknown;

    /// <summary><c>ZAR 1,234.56</c>.</summary>
    public static string Total(decimal amount, string? currency) => $"{currency} {Amount(amount)}".Trim();

    /// <summary>With all the digits that it has: <c>2.4050</c>.</summary>
    public static string Price(decimal? price) => price?.ToString("#,0.00##########;−#,0.00##########", CultureInfo.InvariantCulture) ?? Numbers.Unknown;

    /// <summary>Up to three digits after the point.</summary>
    public static string Quantity(decimal? quantity) => quantity?.ToString("#,0.###;−#,0.###", CultureInfo.InvariantCulture) ?? Numbers.Unknown;

    /// <summary><c>1 Jul 2024</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary><c>350 – 500 kWh</c>; null for a line or price without a block.</summary>
    public static string? Block(decimal? from, decimal? to) =>
        (from, to) switch { (null, _) => null, ({ } start, null) => $"> {Quantity(start)} kWh", ({ } start, { } end) => $"{Quantity(start)} – {Quantity(end)} kWh" };

    /// <summary>Season, band and block of a line.</summary>
    public static string What(BillLineItem line) =>
        string.Join(" · ", new[] { line.Season, line.Band, Block(line.BlockFromKwh, line.BlockToKwh) }.Where(part => part is not null));
}
