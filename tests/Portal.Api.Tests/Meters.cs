using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Devices;
using Portal.Contracts.Sites;
using Portal.Data;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Api.Tests;

/// <summary>Sites with meters that post: rows go through the decoder and the writer that ingest uses.</summary>
internal static class Meters
{
    private static int serials;

    public static async Task<SiteItem> NewSiteAsync(this HttpClient admin, string zone, string name = "Mill") =>
        await (await admin.PostAsJsonAsync("/api/sites", new SiteBody(name, zone))).ReadAsync<SiteItem>(HttpStatusCode.Created);

    public static async Task<DeviceCreated> NewDeviceAsync(this HttpClient admin, SiteItem site, string? role = null, string? serial = null) =>
        await (await admin.PostAsJsonAsync("/api/devices", new DeviceBody(site.Id, "Meter", serial ?? NewSerial(), "Acuvim II", role)))
            .ReadAsync<DeviceCreated>(HttpStatusCode.Created);

    public static string NewSerial() => $"AN{Interlocked.Increment(ref serials):00000}";

    /// <param name="rows">Time and values by name.</param>
    public static async Task<IReadOnlyList<RowOutcome>> PostAsync(this ApiHost api, string serial, params IEnumerable<(DateTimeOffset Time, string Values)> rows)
    {
        var json = string.Join(',', rows.Select(row =>
            $$"""{"externalId":{{JsonSerializer.Serialize(serial)}},"time":"{{row.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}}",{{row.Values}}}"""));
        var post = NativeDecoder.Decode(Encoding.UTF8.GetBytes($$"""{"measurements":[{{json}}]}"""));
        var result = await api.Services.GetRequiredService<MeasurementWriter>().WriteAsync(post.Batch, CancellationToken.None);
        return result.Outcomes;
    }

    public static string Query(DateTimeOffset instant) => Uri.EscapeDataString(instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
}
