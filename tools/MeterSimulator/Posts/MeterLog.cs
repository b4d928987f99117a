using System.Globalization;
using System.Text;
using MeterSimulator.Metering;

namespace MeterSimulator.Posts;

/// <summary>
/// The meter's own log of its registers, as the module uploads it. Times are the site's local ones, without a zone.
/// <code>Data Log 1,
/// No.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],Eq_Imp [kvarh],Eq_Exp [kvarh],
/// 1,2025-12-05 18:24:00 ,36854.5 ,0.0 ,11203.8 ,0.0 ,</code>
/// </summary>
internal static class MeterLog
{
    private static readonly Quantity[] Columns =
        [Quantity.EnergyImport, Quantity.EnergyExport, Quantity.ReactiveImport, Quantity.ReactiveExport];

    public static string Write(ReadingBlock block)
    {
        var csv = new StringBuilder("Data Log 1,\r\nNo.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],Eq_Imp [kvarh],Eq_Exp [kvarh],\r\n");
        for (var row = 0; row < block.Range.Count; row++)
        {
            var local = TimeZoneInfo.ConvertTime(block.Stamp(row), block.Meter.Site.Zone);
            csv.Append(CultureInfo.InvariantCulture, $"{row + 1},{local:yyyy-MM-dd HH:mm:ss} ,");
            foreach (var column in Columns)
            {
                var value = block[row, column];
                csv.Append(double.IsNaN(value) ? "----" : value.ToString("F1", CultureInfo.InvariantCulture)).Append(" ,");
            }

            csv.Append("\r\n");
        }

        return csv.ToString();
    }
}
