using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Portal.Api.Charts;

/// <summary>
/// Curves as charts take them, without a number being written out or read: <c>PCH1</c>, the length of the header (32 bits,
/// little-endian), the header (JSON, blanks after it up to a multiple of eight), then each column as 64-bit floats, little-endian, all of
/// them <c>rows</c> long. The first column is the time in Unix seconds. NaN: nothing is known, the line is broken; +∞: no value in this
/// row, the line goes on over it.
/// </summary>
/// <param name="method">How the points came about: <c>raw</c>, <c>samples</c>, <c>roll-ups</c>, or the interval of energy.</param>
/// <param name="stepSeconds">Length of a point; 0 for rows as they were measured and for intervals of the calendar.</param>
/// <param name="timeZone">IANA name of the site's clock.</param>
internal sealed class ChartBody(string method, double stepSeconds, string timeZone, double[] times)
{
    public const string ContentType = "application/vnd.portal.chart";

    // Zooming out again, and a second chart of the same range, ask the same question.
    private const string PastIsKept = "private, max-age=60";
    private const string NowIsKept = "private, max-age=5";

    private readonly List<(string Name, string Unit, string Part, double[] Values)> columns = [("time", "s", "start", times)];

    /// <param name="part"><c>value</c>, <c>mean</c>, <c>min</c>, <c>max</c>, <c>last</c>, <c>energy</c> or <c>flag</c>.</param>
    public ChartBody Add(string name, string unit, string part, IEnumerable<double> values)
    {
        columns.Add((name, unit, part, [.. values]));
        return this;
    }

    /// <param name="isLive">The range reaches into the present, so that the answer is soon another one.</param>
    public FileContentHttpResult Answer(HttpContext http, bool isLive)
    {
        var bytes = Write();
        http.Response.Headers.CacheControl = isLive ? NowIsKept : PastIsKept;
        return TypedResults.Bytes(bytes, ContentType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..20]}\""));
    }

    private byte[] Write()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new { method, stepSeconds, timeZone, rows = times.Length, columns = columns.Select(column => new { column.Name, column.Unit, column.Part }) },
            JsonSerializerOptions.Web);
        var padded = (header.Length + 7) / 8 * 8;
        var bytes = new byte[8 + padded + columns.Count * times.Length * sizeof(double)];
        "PCH1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), padded);
        header.CopyTo(bytes, 8);
        bytes.AsSpan(8 + header.Length, padded - header.Length).Fill((byte)' ');
        var rest = bytes.AsSpan(8 + padded);
        foreach (var (_, _, _, values) in columns)
        {
            // Every machine that .NET runs on is little-endian.
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(rest);
            rest = rest[(values.Length * sizeof(double))..];
        }

        return bytes;
    }
}

internal static class ChartAnswers
{
    public static RouteHandlerBuilder ProducesChart(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status200OK, contentType: ChartBody.ContentType).Produces(StatusCodes.Status304NotModified);
}
