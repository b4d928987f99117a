using System.Globalization;
using System.Text;
using Portal.Contracts.Energy;

namespace Portal.Api.Energy;

/// <summary>Energy by interval for a spreadsheet: RFC 4180, decimal points, starts by the site's clock. What is not known is empty.</summary>
internal static class EnergyCsv
{
    public static string Write(IEnumerable<EnergyIntervalItem> intervals)
    {
        var text = new StringBuilder("from,UTC offset,import (kWh),export (kWh),estimated\r\n");
        foreach (var interval in intervals)
        {
            text.Append(CultureInfo.InvariantCulture, $"{interval.Start:yyyy-MM-dd HH:mm:ss},{interval.Start:zzz},{interval.ImportKwh},{interval.ExportKwh},{(interval.Estimated ? "yes" : "no")}\r\n");
        }

        return text.ToString();
    }
}
