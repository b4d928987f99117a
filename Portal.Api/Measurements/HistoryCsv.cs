using System.Globalization;
using System.Text;
using Portal.Data.Queries;
using Portal.Domain.Measurements;

namespace Portal.Api.Measurements;

/// <summary>
/// A device's raw rows for a spreadsheet, from the oldest on: RFC 4180, decimal points, times by the site's clock in a form that spreadsheets take
/// for times, with the offset beside them. A column for each quantity that the range has.
/// </summary>
internal sealed class HistoryCsv(HistoryQueries queries, int deviceId, TimeZoneInfo zone, TimeRange range)
{
    /// <summary>Rows that are read at once. No connection to the database is held while they are sent, however slowly they are taken.</summary>
    private const int Page = 5_000;

    public async Task WriteAsync(Stream body, CancellationToken cancellationToken)
    {
        var quantities = await queries.QuantitiesAsync(deviceId, range.From, range.To, cancellationToken);
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024, leaveOpen: true);
        await text.WriteAsync($"time,UTC offset,received (UTC){string.Concat(quantities.Select(Heading))}\r\n");
        var from = range.From;
        while (true)
        {
            var rows = await queries.PageAsync(deviceId, quantities, from, range.To, Page, cancellationToken);
            foreach (var row in rows)
            {
                await text.WriteAsync(Line(row));
            }

            if (rows.Count < Page) return;
            from = rows[^1].Time.AddMicroseconds(1);
        }
    }

    private string Line(HistoryRow row)
    {
        var local = TimeZoneInfo.ConvertTime(row.Time, zone);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{local:yyyy-MM-dd HH:mm:ss.FFFFFF},{local:zzz},{row.ReceivedAt:yyyy-MM-dd HH:mm:ss},{string.Join(',', row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))}\r\n");
    }

    private static string Heading(Quantity quantity) => quantity.Unit.Length == 0 ? $",{quantity.Name}" : $",{quantity.Name} ({quantity.Unit})";
}
