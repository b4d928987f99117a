using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;
using ZstdSharp;

namespace Portal.Bench.Fleet;

/// <summary>A customer's stack as the aggregator sees it: a token, devices, and batches as this release's push makes them.</summary>
internal sealed class SimulatedCustomer(int id, FleetToken token, int devices)
{
    public int Id => id;

    public FleetToken Token => token;

    public int Devices => devices;

    /// <summary>The body of a batch, compressed: so many minutes of every device, from a minute on.</summary>
    public ByteArrayContent Batch(DateTime from, int minutes)
    {
        using var body = new MemoryStream();
        using (var zstd = new CompressionStream(body, 3, leaveOpen: true))
        {
            Write(zstd, from, minutes);
        }

        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("zstd");
        return content;
    }

    /// <summary>The same as it is before it is compressed.</summary>
    public byte[] Body(DateTime from, int minutes)
    {
        using var body = new MemoryStream();
        Write(body, from, minutes);
        return body.ToArray();
    }

    /// <summary>A body with an id of its own in the place of the one it has.</summary>
    public static byte[] WithOwnId(byte[] body)
    {
        var mark = "\"batchId\":\""u8;
        Encoding.ASCII.GetBytes(Guid.CreateVersion7().ToString(), body.AsSpan(body.AsSpan().IndexOf(mark) + mark.Length));
        return body;
    }

    /// <returns>Milliseconds until it was acknowledged.</returns>
    public async Task<double> PushAsync(HttpClient client, ByteArrayContent batch)
    {
        var from = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/fleet/ingest") { Content = batch };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK && text.Contains("\"rejected\":0", StringComparison.Ordinal)
            ? TimeProvider.System.GetElapsedTime(from).TotalMilliseconds
            : throw new InvalidOperationException($"A batch was not stored as a whole: {(int)answer.StatusCode} {text}");
    }

    private void Write(Stream body, DateTime from, int minutes)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteNumber("protocolVersion", PushProtocol.Current);
        json.WriteString("batchId", Guid.CreateVersion7());
        json.WriteString("batchType", BatchTypes.Measurements);
        json.WriteString("sentAt", from);
        json.WriteStartArray("rows");
        BenchRows.Write(json, 0, devices, from, minutes);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
