using System.Net;
using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests;

public sealed class HeaderTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";

    private readonly Dictionary<string, Backend> backends = [];
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "api", "ingest", "aggregator", "web" })
        {
            backends[name] = await Backend.StartAsync(name, http =>
            {
                http.Response.Headers.Server = "secret/1.2.3";
                http.Response.Headers["X-Powered-By"] = "something";
                if (http.Request.Path == "/own") http.Response.Headers["X-Frame-Options"] = "DENY";
                return http.Response.WriteAsync(name);
            });
        }

        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, [.. backends.Select(b => (b.Key, b.Value.Address))]));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var backend in backends.Values) await backend.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_can_claim_to_be_signed_in_on_any_route()
    {
        (string Path, string Service)[] routes =
        [
            ("/api/ingest/acuvim", "ingest"), ("/api/fleet-push", "ingest"), ("/api/fleet/dashboard", "aggregator"), ("/api/fleet/ingest", "aggregator"),
            ("/api/sites", "api"), ("/health", "api"), ("/openapi/v1.json", "api"), ("/", "web"),
        ];
        string[] claims = ["X-WEBAUTH-USER", "x-webauth-role", "X-WebAuth-Groups", "X_WEBAUTH_USER", "X-Webauth_Email"];

        foreach (var (path, service) in routes)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            foreach (var claim in claims) request.Headers.Add(claim, "admin");
            request.Headers.Add("X-Kept", "yes");
            using var response = await gateway.SendAsync(Host, request);

            var seen = Assert.Single(backends[service].Seen, seen => seen.Target == path);
            Assert.Equal("yes", seen.Headers["X-Kept"]);
            Assert.DoesNotContain(seen.Headers.Keys, name => name.Contains("webauth", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task The_callers_address_is_the_connections_and_never_what_the_caller_says()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        foreach (var (name, value) in new[]
        {
            ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"),
            ("X-Forwarded-Port", "443"), ("X-Real-IP", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"), ("X-Original-URL", "/evil"), ("X_Forwarded_For", "203.0.113.7"),
        })
            request.Headers.Add(name, value);
        using var response = await gateway.SendAsync(Host, request);

        var headers = Assert.Single(backends["api"].Seen).Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal(Host, headers["X-Forwarded-Host"]);
        Assert.DoesNotContain(headers, header => header.Value.Contains("203.0.113.7", StringComparison.Ordinal) || header.Value.Contains("evil", StringComparison.Ordinal));
        Assert.DoesNotContain("X-Forwarded-Port", headers.Keys);
    }

    [Fact]
    public async Task A_header_that_the_caller_calls_a_matter_of_the_connection_is_set_all_the_same()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("Connection", "keep-alive, X-Forwarded-For, X-Request-Id, traceparent");
        using var response = await gateway.SendAsync(Host, request);

        var headers = Assert.Single(backends["api"].Seen).Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.NotEmpty(headers["X-Request-Id"]);
        Assert.DoesNotContain("X-Forwarded-For", headers.GetValueOrDefault("Connection", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_has_an_id_that_service_and_caller_see()
    {
        using var own = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Get, "/api/auth/me") { Headers = { { "X-Request-Id", "meter-7_a.b" } } });
        Assert.Equal("meter-7_a.b", own.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("meter-7_a.b", backends["api"].Seen.Last().Headers["X-Request-Id"]);

        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        foreach (var bad in new[] { "", "a b", "a;b", new string('x', 65), "<script>" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me") { Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } } };
            request.Headers.TryAddWithoutValidation("X-Request-Id", bad);
            using var replaced = await gateway.SendAsync(Host, request);
            Assert.Equal(trace, replaced.Headers.GetValues("X-Request-Id").Single());
            Assert.Equal(trace, backends["api"].Seen.Last().Headers["X-Request-Id"]);
        }

        using var unknown = await gateway.GetAsync("nobody.localhost", "/");
        Assert.Equal(32, unknown.Headers.GetValues("X-Request-Id").Single().Length);
    }

    [Fact]
    public async Task Host_origin_cookies_and_authorization_arrive_as_sent()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.Add("Origin", "http://abc0001.localhost:8080");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Cookie", "portal=abc; other=1");
        request.Headers.Add("Authorization", "Bearer token");
        using var response = await gateway.SendAsync($"{Host}:8080", request);

        var headers = Assert.Single(backends["api"].Seen).Headers;
        Assert.Equal($"{Host}:8080", headers["Host"]);
        Assert.Equal("http://abc0001.localhost:8080", headers["Origin"]);
        Assert.Equal("same-origin", headers["Sec-Fetch-Site"]);
        Assert.Equal("portal=abc; other=1", headers["Cookie"]);
        Assert.Equal("Bearer token", headers["Authorization"]);
    }

    [Fact]
    public async Task A_trace_that_the_caller_began_goes_on()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/ingest/acuvim");
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await gateway.SendAsync(Host, request);

        var parent = Assert.Single(backends["ingest"].Seen).Headers["traceparent"];
        Assert.StartsWith($"00-{trace}-", parent, StringComparison.Ordinal);
        Assert.DoesNotContain("00f067aa0ba902b7", parent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_that_begins_at_a_gateway_which_tells_nobody_of_it_is_recorded_by_those_who_do()
    {
        using var response = await gateway.GetAsync(Host, "/api/ingest/acuvim");

        Assert.EndsWith("-01", Assert.Single(backends["ingest"].Seen).Headers["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_carry_the_security_headers_and_name_no_server()
    {
        using var page = await gateway.GetAsync(Host, "/");
        using var unknown = await gateway.GetAsync("nobody.localhost", "/");
        foreach (var response in new[] { page, unknown })
        {
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("SAMEORIGIN", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
            Assert.False(response.Headers.Contains("Server"));
            Assert.False(response.Headers.Contains("X-Powered-By"));
        }

        using var own = await gateway.GetAsync(Host, "/own");
        Assert.Equal("DENY", own.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task A_service_s_bare_status_stays_bare()
    {
        await using var api = await Backend.StartAsync("api", http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers["X-Webauth-User"] = "admin@portal.local";
            return Task.CompletedTask;
        });
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("api", api.Address)));
        await gateway.RoutedAsync(2);

        using var response = await gateway.GetAsync(Host, "/api/auth/check");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal("admin@portal.local", response.Headers.GetValues("X-Webauth-User").Single());
    }
}
