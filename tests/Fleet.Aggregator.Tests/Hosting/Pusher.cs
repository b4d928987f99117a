using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Tests;

/// <summary>A customer's stack as the aggregator sees it: somebody who pushes with a token.</summary>
public sealed class Pusher(HttpClient client, int id, string code, string token) : IDisposable
{
    public const string Path = "/api/fleet/ingest";

    public int Id { get; } = id;

    public string Code { get; } = code;

    public string Token { get; set; } = token;

    /// <summary>A batch as this release's stacks send it.</summary>
    public static string Batch(string type, string rows, Guid? id = null, int? version = 2, string more = "") =>
        (version is null ? "{" : $$"""{"protocolVersion":{{version}},""")
        + $$"""
        "batchId":"{{id ?? Guid.CreateVersion7()}}","batchType":"{{type}}","sentAt":"2026-11-23T10:00:00Z"{{more}},"rows":{{rows}}}
        """;

    public Task<HttpResponseMessage> SendAsync(string json, string? contentType = "application/json") =>
        SendAsync(Encoding.UTF8.GetBytes(json), null, contentType);

    public async Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding, string? contentType = "application/json", string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        return await client.SendAsync(request);
    }

    /// <summary>A push that is expected to be accepted.</summary>
    public async Task<PushAnswer> PushAsync(string type, string rows, Guid? id = null, string more = "")
    {
        using var answer = await SendAsync(Batch(type, rows, id, more: more));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<PushAnswer>())!;
    }

    public Task<PushAnswer> PushDevicesAsync(params string[] serials) =>
        PushAsync("devices", JsonSerializer.Serialize(serials.Select(serial => new { externalId = serial, name = "Meter " + serial })));

    public Task<PushAnswer> BeatAsync(string client = """{"protocolVersion":2,"softwareVersion":"1.2.3","backlogRows":0}""") =>
        PushAsync("heartbeat", "[]", more: $",\"client\":{client}");

    /// <summary>What the stack says that it holds, and the answer.</summary>
    public async Task<HttpResponseMessage> CompareAsync(string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/fleet/ledger") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await client.SendAsync(request);
    }

    /// <summary>What the fleet holds of a device-day.</summary>
    public async Task<HttpResponseMessage> FetchAsync(string externalId, DateOnly day)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/fleet/ledger/rows?externalId={Uri.EscapeDataString(externalId)}&day={day:yyyy-MM-dd}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await client.SendAsync(request);
    }

    public void Dispose() => client.Dispose();
}
