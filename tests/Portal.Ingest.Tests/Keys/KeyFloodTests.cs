using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Portal.Domain.Keys;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Keys;

/// <summary>On a host of its own: what the sessions of other tests have not published yet would be counted as readings of this one.</summary>
public sealed class KeyFloodTests(IngestFixture fixture) : IClassFixture<IngestFixture>
{
    private readonly IngestHost host = fixture.Host;

    [PostgresFact]
    public async Task A_flood_of_made_up_keys_does_not_flood_the_database()
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync(host.Key));
        var before = await ReadingsAsync();
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => PostAsync(IngestKeyToken.Generate())));

        // One reading in 50 ms at the most, and some slack for the counter of the database.
        var allowed = (TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / 50) + 5;
        var readings = 0d;
        await Eventually.TrueAsync(async () => (readings = await ReadingsAsync() - before) > 0, "the readings are counted");
        Assert.InRange(readings, 1, allowed);
    }

    private async Task<double> ReadingsAsync()
    {
        // The statistics of other sessions are published when they are idle for a moment.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return await host.Catalogue.ScalarAsync<long>("""SELECT seq_scan FROM pg_stat_all_tables WHERE relname = 'IngestKeys'""");
    }

    private async Task<HttpStatusCode> PostAsync(IngestKeyToken key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest/measurements") { Content = JsonContent.Create(new { measurements = Array.Empty<object>() }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
