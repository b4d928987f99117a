using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Keys;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Keys;

public sealed class IngestKeyTests(IngestFixture fixture) : IClassFixture<IngestFixture>
{
    private const string Path = "/api/ingest/measurements";
    private readonly IngestHost host = fixture.Host;

    [PostgresFact]
    public async Task A_bearer_token_lets_in() => await AssertLetInAsync("Bearer " + host.Key.Reveal());

    [PostgresFact]
    public async Task The_scheme_is_read_in_any_case() => await AssertLetInAsync("bearer " + host.Key.Reveal());

    [PostgresTheory]
    [InlineData("meter")]
    [InlineData("")]
    public async Task The_password_of_basic_authentication_lets_in(string user) => await AssertLetInAsync("Basic " + Basic(user, host.Key.Reveal()));

    [PostgresFact]
    public async Task The_key_in_the_query_lets_in() => await AssertLetInAsync(null, "?key=" + host.Key.Reveal());

    [PostgresFact]
    public async Task Without_a_key_it_is_401_and_says_how() => await AssertRefusedAsync(null);

    [PostgresTheory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer pik_nonsense")]
    [InlineData("Basic not-base64!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Digest username=\"x\"")]
    [InlineData("\"")]
    public async Task Nonsense_is_401(string authorization) => await AssertRefusedAsync(authorization);

    [PostgresFact]
    public async Task A_well_formed_key_that_was_never_issued_is_401() => await AssertRefusedAsync("Bearer " + IngestKeyToken.Generate().Reveal());

    [PostgresFact]
    public async Task A_long_password_is_401() => await AssertRefusedAsync("Basic " + Basic("u", new string('x', 3_000)));

    [PostgresFact]
    public async Task A_wrong_header_is_not_saved_by_the_query() => await AssertRefusedAsync("Bearer x", "?key=" + host.Key.Reveal());

    [PostgresFact]
    public async Task Every_path_but_health_and_the_description_wants_a_key()
    {
        foreach (var path in (string[])["/", "/api/ingest/acuvim", "/api/other", "/api/ingest/measurements/x"])
        {
            using var response = await host.Client.PostAsync(path, new StringContent("{}"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/openapi/v1.json")).StatusCode);
    }

    [PostgresFact]
    public async Task A_new_key_works_at_once()
    {
        await AssertLetInAsync("Bearer " + host.Key.Reveal());
        for (var i = 0; i < 10; i++)
        {
            var key = await host.Catalogue.AddKeyAsync();
            await AssertLetInAsync("Bearer " + key.Reveal());
        }
    }

    [PostgresFact]
    public async Task A_revoked_key_is_refused_within_five_seconds()
    {
        var key = await host.Catalogue.AddKeyAsync();
        await AssertLetInAsync("Bearer " + key.Reveal());
        await host.Catalogue.RevokeAsync(key);

        await Eventually.TrueAsync(
            async () => (await SendAsync("Bearer " + key.Reveal(), "")).StatusCode == HttpStatusCode.Unauthorized,
            "the revoked key is refused",
            TimeSpan.FromSeconds(5)
        );
        await AssertLetInAsync("Bearer " + host.Key.Reveal());
    }

    [PostgresFact]
    public async Task The_last_use_is_kept_to_the_minute_and_not_written_for_every_post()
    {
        await AssertLetInAsync("Bearer " + host.Key.Reveal());
        await Eventually.TrueAsync(async () => await LastUsedAsync() is not null, "the last use is written");
        var first = await LastUsedAsync();
        var version = await VersionAsync();

        for (var i = 0; i < 50; i++)
        {
            await AssertLetInAsync("Bearer " + host.Key.Reveal());
        }

        // Two rounds of the writer, in which it must leave the row alone.
        await Task.Delay(TimeSpan.FromSeconds(11), TimeProvider.System);
        Assert.Equal(first, await LastUsedAsync());
        Assert.Equal(version, await VersionAsync());
    }

    [PostgresFact]
    public async Task A_flood_of_made_up_keys_does_not_flood_the_database()
    {
        await AssertLetInAsync("Bearer " + host.Key.Reveal());
        var before = await ReadingsAsync();
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => SendAsync("Bearer " + IngestKeyToken.Generate().Reveal(), "")));

        // One reading in 50 ms at the most, and some slack for the counter of the database.
        var allowed = (TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / 50) + 5;
        Assert.InRange(await ReadingsAsync() - before, 1, allowed);
    }

    private async Task<double> ReadingsAsync()
    {
        // The statistics of other sessions are published when they are idle for a moment.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return await host.Catalogue.ScalarAsync<long>("""SELECT seq_scan FROM pg_stat_all_tables WHERE relname = 'IngestKeys'""");
    }

    private async Task<DateTime?> LastUsedAsync() =>
        await host.Catalogue.ScalarAsync<DateTime>("""SELECT "LastUsedAt" FROM portal."IngestKeys" WHERE "Hash" = $1""", host.Key.Hash()) is var at
        && at == default
            ? null
            : at;

    private Task<string?> VersionAsync() =>
        host.Catalogue.ScalarAsync<string>("""SELECT xmin::text FROM portal."IngestKeys" WHERE "Hash" = $1""", host.Key.Hash());

    private async Task AssertLetInAsync(string? authorization, string query = "")
    {
        using var response = await SendAsync(authorization, query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task AssertRefusedAsync(string? authorization, string query = "")
    {
        using var response = await SendAsync(authorization, query);
        await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, "invalid-ingest-key");
        Assert.Equal(["Bearer", "Basic"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        Assert.Null(response.Headers.Location);
    }

    private async Task<HttpResponseMessage> SendAsync(string? authorization, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path + query)
        {
            Content = new StringContent("""{"measurements":[]}""", Encoding.UTF8, "application/json"),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await host.Client.SendAsync(request);
    }

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
