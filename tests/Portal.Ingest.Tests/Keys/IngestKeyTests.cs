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
        var revoked = TimeProvider.System.GetTimestamp();

        // A post that takes its time on a busy machine may have come before.
        for (var sent = revoked; (await SendAsync("Bearer " + key.Reveal(), "")).StatusCode != HttpStatusCode.Unauthorized; sent = TimeProvider.System.GetTimestamp())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(revoked, sent) < TimeSpan.FromSeconds(5), "The revoked key is let in.");
        }

        await AssertLetInAsync("Bearer " + host.Key.Reveal());
    }

    [PostgresFact]
    public async Task The_last_use_is_kept_to_the_minute_and_not_written_for_every_post()
    {
        // Nobody has used it before: the minute begins now.
        var key = await host.Catalogue.AddKeyAsync();
        await AssertLetInAsync("Bearer " + key.Reveal());
        await Eventually.TrueAsync(async () => await LastUsedAsync(key) is not null, "the last use is written");
        var first = await LastUsedAsync(key);
        var version = await VersionAsync(key);

        for (var i = 0; i < 50; i++)
        {
            await AssertLetInAsync("Bearer " + key.Reveal());
        }

        // Two rounds of the writer, in which it must leave the row alone.
        await Task.Delay(TimeSpan.FromSeconds(11), TimeProvider.System);
        Assert.Equal(first, await LastUsedAsync(key));
        Assert.Equal(version, await VersionAsync(key));
    }

    private async Task<DateTime?> LastUsedAsync(IngestKeyToken key) =>
        await host.Catalogue.ScalarAsync<DateTime>("""SELECT "LastUsedAt" FROM portal."IngestKeys" WHERE "Hash" = $1""", key.Hash()) is var at
        && at == default
            ? null
            : at;

    private Task<string?> VersionAsync(IngestKeyToken key) =>
        host.Catalogue.ScalarAsync<string>("""SELECT xmin::text FROM portal."IngestKeys" WHERE "Hash" = $1""", key.Hash());

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
