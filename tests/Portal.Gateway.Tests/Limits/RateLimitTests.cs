using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using Portal.Gateway.Limits;

namespace Portal.Gateway.Tests.Limits;

public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";
    private const string Other = "xyz0002.localhost";

    private readonly FakeTimeProvider time = new();
    private Backend backend = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        backend = await Backend.StartAsync("all");
        var folder = GatewayHost.NewFolder();
        foreach (var host in new[] { Host, Other })
        {
            GatewayHost.Write(folder, $"{host.Split('.')[0]}.json", $$"""
                { "host": "{{host}}",
                  "services": { "api": ["{{backend.Address}}"], "ingest": ["{{backend.Address}}"], "web": ["{{backend.Address}}"], "aggregator": ["{{backend.Address}}"] },
                  "rates": { "signIn": { "perSecond": 0.1, "burst": 2 }, "ingest": { "perSecond": 0.1, "burst": 2 }, "fleet": { "perSecond": 0.1, "burst": 2 } } }
                """);
        }

        // Only the counting goes by this clock: the proxy keeps its own.
        gateway = await GatewayHost.StartAsync(folder: folder, services: services => services.AddSingleton(new RateBuckets(time)));
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Attempts_to_sign_in_are_counted_by_address_on_both_ways_in_and_looking_at_the_page_is_none()
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/login"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/sign-in"));

        using var refused = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, "/sign-in?returnUrl=%2F"));
        await ProblemAssert.IsAsync(HttpStatusCode.TooManyRequests, "too-many-requests", refused);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        foreach (var path in (string[])["/api/auth/login", "/api/auth/link", "/account/link"]) Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(path));

        using var back = await gateway.GetAsync(Host, "/api/auth/oidc/callback?code=x&state=y");
        Assert.Equal(HttpStatusCode.TooManyRequests, back.StatusCode);
        using var begun = await gateway.GetAsync(Host, "/api/auth/oidc");
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);

        using var page = await gateway.GetAsync(Host, "/sign-in");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/logout"));
        // Another stack's people are none of this one's.
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/login", host: Other));

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/login"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/auth/login"));
    }

    [Fact]
    public async Task One_ingest_key_is_one_caller_however_it_is_shown()
    {
        var seen = backend.Seen.Count;
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/ingest/acuvim", "Bearer pik_one"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/ingest/acuvim?key=pik_one"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/ingest/measurements", "Bearer pik_one"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/ingest/acuvim", $"Basic {Basic("meter:pik_one")}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/ingest/acuvim", $"Basic {Basic("another:pik_one")}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/ingest/acuvim?key=pik_one"));
        Assert.Equal(2, backend.Seen.Count - seen);

        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/ingest/acuvim", "Bearer pik_two"));
        // Whoever shows none is counted by address, together.
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/ingest/acuvim"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/ingest/acuvim"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/ingest/acuvim"));
        Assert.DoesNotContain(gateway.Log.GetSnapshot(), line => line.Message.Contains("pik_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pushes_are_counted_by_token_and_the_fleets_pages_are_not()
    {
        using var limited = new MetricCollector<long>(gateway.Services.GetRequiredService<IMeterFactory>(), "Portal.Gateway", "portal.gateway.requests.limited");
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/fleet/ingest", "Bearer pft_one"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/fleet/ledger", "Bearer pft_one"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/fleet/ingest", "Bearer pft_one"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/fleet/ingest", "Bearer pft_two"));
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/fleet/customers"));

        var counted = Assert.Single(limited.GetMeasurementSnapshot());
        Assert.Equal("abc0001", counted.Tags["stack"]);
        Assert.Equal("fleet", counted.Tags["kind"]);
    }

    [Fact]
    public async Task A_rate_that_a_file_changes_holds_from_the_next_request_on()
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/login"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/api/auth/login"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/api/auth/login"));

        gateway.Write("abc0001.json", $$"""{ "host": "{{Host}}", "services": { "api": ["{{backend.Address}}"] } }""");

        await Eventually.TrueAsync("the usual rate holds", async () => await PostAsync("/api/auth/login") == HttpStatusCode.OK);
    }

    private static string Basic(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<HttpStatusCode> PostAsync(string path, string? authorization = null, string host = Host)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await gateway.SendAsync(host, request);
        if (response.StatusCode == HttpStatusCode.TooManyRequests) Assert.NotNull(response.Headers.RetryAfter);
        return response.StatusCode;
    }
}
