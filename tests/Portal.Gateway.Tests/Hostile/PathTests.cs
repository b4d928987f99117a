using Portal.Gateway.Forwarding;

namespace Portal.Gateway.Tests.Hostile;

/// <summary>Paths that lead elsewhere than they seem to.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";

    private readonly Dictionary<string, Backend> backends = [];
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        foreach (var name in new[] { "api", "ingest", "web", "grafana" }) backends[name] = await Backend.StartAsync(name);
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, [.. backends.Select(b => (b.Key, b.Value.Address))]));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var backend in backends.Values) await backend.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/ingest/../secret")]
    [InlineData("/api/ingest/%2e%2e/secret")]
    [InlineData("/api/ingest/.%2E/secret")]
    [InlineData("/api/ingest/..%2fsecret")]
    [InlineData("/api/ingest/%2e%2e%2fsecret")]
    [InlineData("/api/ingest/..%5csecret")]
    [InlineData("/api/ingest/..\\secret")]
    [InlineData("/api/ingest/./secret")]
    [InlineData("/..")]
    [InlineData("/../../etc/passwd")]
    [InlineData("/grafana/../api/secret")]
    [InlineData("/grafana/public/..%2f..%2fapi/secret")]
    [InlineData("/api/%00")]
    [InlineData("/api/x%0d%0aX-Injected:%201")]
    [InlineData("/api/\u0001")]
    [InlineData("/api/%")]
    [InlineData("/api/%zz")]
    [InlineData("/api/x#/../y")]
    [InlineData("/api/x?y=\tz")]
    [InlineData("/api/caf\u00e9")]
    public async Task A_path_that_could_be_read_in_two_ways_is_refused_and_reaches_nobody(string path)
    {
        var answered = await RawClient.SendAsync(gateway, $"GET {path} HTTP/1.1\r\nHost: {Host}\r\n\r\n");

        Assert.Equal([400], RawClient.Statuses(answered));
        Assert.All(backends.Values, backend => Assert.Empty(backend.Seen));
    }

    [Theory]
    [InlineData("/api/sites/A%2FN", "api")]
    // Decoded once it is "%2e%2e", a name like another.
    [InlineData("/api/ingest/%252e%252e/secret", "ingest")]
    [InlineData("/api/ingest/...", "ingest")]
    [InlineData("/api/ingest/..x", "ingest")]
    [InlineData("/api/ingest;/x", "api")]
    [InlineData("/api//ingest/x", "api")]
    [InlineData("//api/ingest/x", "web")]
    [InlineData("/API/INGEST/x", "ingest")]
    [InlineData("/api%2fingest/x", "web")]
    [InlineData("/x?next=../../y&z=%00&%", "web")]
    [InlineData("/x/%41{b}|%7e^`'()", "web")]
    public async Task Any_other_path_reaches_the_service_of_its_route_letter_by_letter(string path, string service)
    {
        var answered = await RawClient.SendAsync(gateway, $"GET {path} HTTP/1.1\r\nHost: {Host}\r\n\r\n");

        Assert.Equal([200], RawClient.Statuses(answered));
        Assert.Equal(path, Assert.Single(backends[service].Seen).Target);
        Assert.All(backends.Where(other => other.Key != service), other => Assert.Empty(other.Value.Seen));
    }

    [Theory]
    [InlineData("/a/../b", true)]
    [InlineData("/a/..", true)]
    [InlineData("/a/..?x", true)]
    [InlineData("/a/b?x=/../", false)]
    [InlineData("/a%2", true)]
    [InlineData("/a%2x", true)]
    [InlineData("/a?%2x", false)]
    [InlineData("/a#b", true)]
    [InlineData("/a..b/..c/.d", false)]
    [InlineData("/%2e%2e/", true)]
    [InlineData("/a%5Cb", true)]
    [InlineData("/a%0Ab", true)]
    [InlineData("/a%7Fb", true)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public void A_segment_of_dots_a_backslash_or_a_control_character_makes_it_ambiguous(string target, bool ambiguous) =>
        Assert.Equal(ambiguous, RequestTarget.IsAmbiguous(target));
}
