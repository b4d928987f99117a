using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices.Import;

/// <summary>The catalogue as an import file, which imported again changes nothing.</summary>
internal static class CatalogueCsv
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { NewLine = "\r\n" };

    public static string Write(IEnumerable<(Site Site, Device? Device)> lines)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, Configuration))
        {
            Line(csv, ImportFile.Columns);
            foreach (var (site, device) in lines) Line(csv, [site.Name, site.TimeZone, device?.Name, device?.ExternalId, device is null ? null : DeviceItems.Role(device.Role), device?.Model]);
        }

        return text.ToString();
    }

    /// <summary>A cell's text as it was before it was written.</summary>
    public static string Plain(string cell) => IsLikeAFormula(cell) && cell[0] == '\'' ? cell[1..] : cell;

    // A spreadsheet takes a text that begins like a formula for one, and names come from people: an apostrophe is put before it. So that a name
    // which has one already comes back as it was, it gets another.
    private static string? Guarded(string? cell) => IsLikeAFormula(cell) ? $"'{cell}" : cell;

    private static bool IsLikeAFormula(string? cell) => cell.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@', ..];

    private static void Line(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells) csv.WriteField(Guarded(cell));
        csv.NextRecord();
    }
}
