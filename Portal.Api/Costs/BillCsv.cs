using System.Globalization;
using System.Text;
using Portal.Contracts.Rates;

namespace Portal.Api.Costs;

/// <summary>
/// A bill for a spreadsheet: RFC 4180, decimal points, times by the site's clock in a form that spreadsheets take for times, with the offset beside each,
/// since the clocks may change within a bill; subtotal, VAT and total come last.
/// </summary>
internal static class BillCsv
{
    public static string Write(BillAnswer bill)
    {
        var text = new StringBuilder();
        Row(text, "tariff", "version", "component", "from", "from UTC offset", "to", "to UTC offset", "season", "band", "block from kWh", "block to kWh", "quantity", "unit", "price", "share", "amount", "currency", "estimated", "missing hours");
        foreach (var line in bill.Lines)
        {
            Row(text, Name(line.Tariff), Day(line.VersionFrom), Name(line.Component), Time(line.From), Offset(line.From), Time(line.To), Offset(line.To), Name(line.Season), Name(line.Band), Number(line.BlockFromKwh), Number(line.BlockToKwh),
                Number(line.Quantity), line.Unit, Number(line.Price), Number(line.Share), Number(line.Amount), bill.Currency, line.Estimated ? "yes" : "no",
                Number(Math.Round(line.MissingSeconds / 3600m, 2)));
        }

        Sum("subtotal", bill.Subtotal, null);
        foreach (var vat in bill.Vat) Sum("VAT", vat.Amount, Number(vat.Percent) + " %");
        Sum("total", bill.Total, null);
        return text.ToString();

        void Sum(string name, decimal amount, string? band) =>
            Row(text, null, null, name, Time(bill.From), Offset(bill.From), Time(bill.To), Offset(bill.To), null, band, null, null, null, null, null, null, Number(amount), bill.Currency, bill.Estimated || !bill.Complete ? "yes" : "no", null);
    }

    private static void Row(StringBuilder text, params string?[] cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string? Cell(string? cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    // A spreadsheet takes a text that begins like a formula for one; names come from people.
    private static string? Name(string? name) => name is ['=' or '+' or '-' or '@' or '\t', ..] ? "'" + name : name;

    private static string? Number(decimal? number) => number?.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Offset(DateTimeOffset time) => time.ToString("zzz", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
