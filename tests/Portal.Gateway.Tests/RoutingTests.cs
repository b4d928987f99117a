using System.Net;

namespace Portal.Gateway.Tests;

public sealed class RoutingTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";
    private const string Bare = "bare.localhost";

    private readonly Dictionary<string, Backend> backends = [];
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "api", "ingest", "web", "aggregator", "grafana", "other-web" })
            backends[name] = await Backend.StartAsync(name);

        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host,
            [.. backends.Where(b => b.Key != "other-web").Select(b => (b.Key, b.Value.Address))]));
        GatewayHost.Write(folder, "bare.json", GatewayHost.Stack(Bare, ("api", backends["api"].Address)));
        GatewayHost.Write(folder, "xyz0002.json", GatewayHost.Stack("xyz0002.localhost", ("web", backends["other-web"].Address)));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var backend in backends.Values) await backend.DisposeAsync();
    }

    [Fact]
    public async Task Every_path_reaches_its_service_by_whole_segments()
    {
        (string Path, string Service)[] table =
        [
            ("/api/ingest/acuvim", "ingest"),
            ("/api/ingest", "ingest"),
            ("/API/Ingest/acuvim", "ingest"),
            ("/api/ingest-keys", "api"),
            ("/api/fleet-push", "ingest"),
            ("/api/fleet-push/status", "ingest"),
            ("/api/fleet-pusher", "api"),
            ("/api/fleet", "aggregator"),
            ("/api/fleet/dashboard", "aggregator"),
            ("/api/fleet/ingest", "aggregator"),
            ("/api/fleetfoo", "api"),
            ("/api", "api"),
            ("/api/sites/1", "api"),
            ("/apix", "web"),
            ("/health", "api"),
            ("/health/ready", "api"),
            ("/healthy", "web"),
            ("/openapi/v1.json", "api"),
            ("/grafanas", "web"),
            ("/sign-in", "web"),
            ("/account", "web"),
            ("/account/link", "web"),
            ("/api/auth/link", "api"),
            ("/api/auth/login", "api"),
            ("/api/auth/oidc/callback", "api"),
            ("/api/fleet/ledger", "aggregator"),
            ("/", "web"),
            ("/devices/7?tab=energy", "web"),
            ("/_blazor/negotiate", "web"),
            ("/gateway/status", "web"),
            ("//api/sites", "web"),
        ];

        foreach (var (path, service) in table)
        {
            using var response = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.PublicAddress, "/").OriginalString.TrimEnd('/') + path));
            Assert.True(service == response.Headers.GetValues("Answered-By").Single(), $"{path} should go to {service}");
        }
    }

    [Fact]
    public async Task Path_and_query_arrive_as_they_were_sent()
    {
        const string target = "/api/devices/unclaimed/A%2FN%20%C3%A9/claim?from=2026-01-01T00%3A00%3A00%2B02%3A00&empty=&x=1&x=2";
        using var response = await gateway.GetAsync(Host, target);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(target, Assert.Single(backends["api"].Seen).Target);
    }

    [Fact]
    public async Task Hosts_are_kept_apart_and_compared_without_case_and_port()
    {
        foreach (var host in new[] { "xyz0002.localhost", "XYZ0002.LocalHost", "xyz0002.localhost:8080" })
        {
            using var response = await gateway.GetAsync(host, "/");
            Assert.Equal("other-web", await response.Content.ReadAsStringAsync());
        }

        using var first = await gateway.GetAsync(Host, "/");
        Assert.Equal("web", await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_path_of_a_service_that_the_stack_lacks_never_falls_through_to_another_service()
    {
        foreach (var path in new[] { "/api/fleet/dashboard", "/api/ingest/acuvim", "/", "/anything" })
        {
            using var response = await gateway.GetAsync(Bare, path);
            await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "not-found", response);
        }

        using var grafana = await gateway.GetAsync(Bare, "/grafana/d/x");
        Assert.Contains("No Grafana is configured", await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "grafana-not-configured", grafana));
        Assert.Empty(backends["api"].Seen);
    }

    [Fact]
    public async Task An_unknown_host_is_told_nothing_whatever_it_asks_for()
    {
        HashSet<string> answers = [];
        foreach (var host in new[] { "nobody.localhost", "localhost", "127.0.0.1", "abc0001.localhost.evil.example", "xabc0001.localhost" })
        {
            foreach (var path in new[] { "/", "/api/auth/me", "/gateway/status", "/health", "/health/ready", "/grafana" })
            {
                using var response = await gateway.GetAsync(host, path);
                var body = await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "not-found", response);
                // All but the trace's number.
                answers.Add(body[..body.IndexOf("traceId", StringComparison.Ordinal)]);
            }
        }

        Assert.DoesNotContain("abc0001", Assert.Single(answers), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_gateway_speaks_of_itself_on_its_status_port_only()
    {
        Assert.Equal("Healthy", await gateway.StatusClient.GetStringAsync("/health"));
        Assert.Equal("Healthy", await gateway.StatusClient.GetStringAsync("/health/ready"));

        var status = await gateway.StatusAsync();
        Assert.True(status.GetProperty("applied").GetBoolean());
        Assert.Equal(["abc0001", "bare", "xyz0002"], status.GetProperty("stacks").EnumerateArray().Select(stack => stack.GetProperty("name").GetString()));

        // No stack on the status port, and the Host header's port is only what the caller says.
        using var stackThere = await gateway.StatusClient.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = Host } });
        Assert.Equal(HttpStatusCode.NotFound, stackThere.StatusCode);
        using var spoofed = await gateway.GetAsync($"nobody.localhost:{gateway.StatusAddress.Port}", "/gateway/status");
        await ProblemAssert.IsAsync(HttpStatusCode.NotFound, "not-found", spoofed);
    }
}
