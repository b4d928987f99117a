using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices.Import;

/// <summary>The catalogue as an import file, which imported again changes nothing.</summary>
internal static class CatalogueCsv
{
    // A spreadsheet takes a text that begins like a formula for one; names come from people.
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" };

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

    private static void Line(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        csv.NextRecord();
    }
}
