using System.Globalization;
using System.Text;
using Portal.Contracts.Energy;
using Portal.Domain.Energy;

namespace Portal.Api.Energy;

/// <summary>Energy by interval for a spreadsheet: RFC 4180, decimal points, starts by the site's clock. What is not known is empty.</summary>
internal static class EnergyCsv
{
    public static string Write(IEnumerable<EnergyIntervalItem> intervals, TimeZoneInfo zone)
    {
        var text = new StringBuilder("from,UTC offset,import (kWh),export (kWh),estimated\r\n");
        foreach (var interval in intervals)
        {
            var local = TimeZoneInfo.ConvertTime(interval.Start, zone);
            text.Append(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss},{local:zzz},{interval.ImportKwh},{interval.ExportKwh},{(interval.Estimated ? "yes" : "no")}\r\n");
        }

        return text.ToString();
    }
}
