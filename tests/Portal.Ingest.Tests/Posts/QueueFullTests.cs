using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Ingest;
using Portal.Data;
using Portal.Ingest.Pipeline;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Posts;

public sealed class QueueFullTests
{
    private const string Path = "/api/ingest/measurements";

    [PostgresFact]
    public async Task While_the_queue_is_full_a_post_is_told_to_come_again_and_stores_nothing()
    {
        await using var host = await IngestHost.StartNewAsync("queue");
        var queue = host.Services.GetRequiredService<PostQueue>();
        var site = await host.Catalogue.AddSiteAsync();
        foreach (var serial in (string[])["Q0", "Q1", "Q2", "Q3", "Q4"])
        {
            await host.Catalogue.AddDeviceAsync(site, serial);
        }

        Task<HttpResponseMessage> first;
        Task<HttpResponseMessage> second;
        Task<HttpResponseMessage> third;
        Task<HttpResponseMessage> fourth;
        await using (var connection = await host.Database.OpenConnectionAsync())
        await using (var hold = await connection.BeginTransactionAsync())
        {
            // Somebody changes the catalogue: both writers wait, each with a post.
            await CatalogueLock.TakeExclusiveAsync(connection, hold, CancellationToken.None);
            first = host.PostJsonAsync(Path, Post("Q0", 0));
            await Eventually.TrueAsync(() => TakenAsync(host, 1), "a writer waits");
            second = host.PostJsonAsync(Path, Post("Q1", 0));
            await Eventually.TrueAsync(() => TakenAsync(host, 2), "the other writer waits");
            third = host.PostJsonAsync(Path, Post("Q2", 120_000));
            await Eventually.TrueAsync(() => Task.FromResult(queue.Posts == 1), "a post waits in the queue");

            using var refused = await host.PostJsonAsync(Path, Post("Q3", 120_000));

            await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);

            // With less room than a commit has rows, nothing is read any more: nobody sees that this isn't JSON.
            fourth = host.PostJsonAsync(Path, Post("Q4", 76_000));
            await Eventually.TrueAsync(() => Task.FromResult(queue.Posts == 2), "two posts wait in the queue");
            using var unread = await host.PostJsonAsync(Path, "{");
            await Problem.AssertAsync(unread, HttpStatusCode.ServiceUnavailable, "unavailable");
        }

        foreach (var response in await Task.WhenAll(first, second, third, fourth))
        {
            Assert.Equal(1, (await response.Content.ReadFromJsonAsync<IngestAnswer>())!.Accepted);
        }

        Assert.Empty(await host.Catalogue.ReadAsync("Q3", "FrequencyHz"));
        using var again = await host.PostJsonAsync(Path, Post("Q3", 0));
        Assert.Equal(1, (await again.Content.ReadFromJsonAsync<IngestAnswer>())!.Accepted);
    }

    private static async Task<bool> TakenAsync(IngestHost host, long writers) =>
        await host.Catalogue.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ) == writers;

    // One good row, and rows that are refused while decoding but take their place in the queue.
    private static string Post(string serial, int refused) =>
        $$"""{"measurements":[{"externalId":"{{serial}}","time":1764959040,"frequencyHz":50}{{string.Concat(Enumerable.Repeat(",0", refused))}}]}""";
}
