using System.Net;
using System.Net.WebSockets;
using System.Text;
using Portal.Gateway.Tests.Tls;

namespace Portal.Gateway.Tests;

/// <summary>One gateway at the edge of a machine, which ends TLS, and before each stack one of its own behind it.</summary>
public sealed class EdgeTests : IAsyncLifetime
{
    private const string Host = "abc0001.example.com";

    private readonly string certificates = Authority.NewFolder();
    private Backend backend = null!;
    private GatewayHost stack = null!;
    private GatewayHost edge = null!;

    public async Task InitializeAsync()
    {
        backend = await Backend.StartAsync("service");
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("api", backend.Address), ("ingest", backend.Address), ("web", backend.Address)));
        stack = await GatewayHost.StartAsync(new() { ["Gateway:TrustedForwarders"] = "127.0.0.0/8, ::1/128" }, folder);

        Authority.WriteAsLego(certificates, Host, Authority.Issue(Host));
        folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("gateway", stack.PublicAddress.GetLeftPart(UriPartial.Authority))));
        edge = await GatewayHost.StartAsync(new() { ["Tls:CertificatesPath"] = certificates }, folder);
    }

    public async Task DisposeAsync()
    {
        await edge.DisposeAsync();
        await stack.DisposeAsync();
        await backend.DisposeAsync();
        Directory.Delete(certificates, recursive: true);
    }

    [Fact]
    public async Task The_whole_host_goes_to_the_stacks_gateway_and_its_service_is_told_the_callers_address_and_scheme()
    {
        using var client = TlsClient.Http(edge);
        foreach (var path in new[] { "/", "/api/sites?x=1", "/api/ingest/acuvim", "/health/ready", "/gateway/status" })
        {
            using var response = await client.GetAsync(new Uri($"https://{Host}{path}"));
            Assert.Equal("service", response.Headers.GetValues("Answered-By").Single());
            Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
            Assert.Equal("SAMEORIGIN", response.Headers.GetValues("X-Frame-Options").Single());

            var seen = backend.Seen.Last();
            Assert.Equal(path, seen.Target);
            Assert.Equal(Host, seen.Headers["Host"]);
            Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
            Assert.Equal("https", seen.Headers["X-Forwarded-Proto"]);
        }
    }

    [Fact]
    public async Task The_answer_has_one_request_id_of_both()
    {
        using var client = TlsClient.Http(edge);
        using var response = await client.GetAsync(new Uri($"https://{Host}/"));
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), backend.Seen.Last().Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task Nobody_behind_the_edge_is_believed_who_claims_to_be_somebody_else()
    {
        using var client = TlsClient.Http(edge);
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{Host}/api/auth/me"));
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("X-WEBAUTH-USER", "admin");
        using var response = await client.SendAsync(request);

        var seen = backend.Seen.Last().Headers;
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("https", seen["X-Forwarded-Proto"]);
        Assert.DoesNotContain("X-WEBAUTH-USER", seen.Keys);
    }

    [Theory]
    // Traefik and nginx append what they saw; what the caller wrote stands before it.
    [InlineData("198.51.100.9", "198.51.100.9")]
    [InlineData("203.0.113.7, 198.51.100.9", "198.51.100.9")]
    [InlineData("203.0.113.7, 198.51.100.9, 127.0.0.5", "198.51.100.9")]
    [InlineData("198.51.100.9:4711", "198.51.100.9")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("nonsense", "127.0.0.1")]
    [InlineData("198.51.100.9, nonsense", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public async Task Of_several_addresses_the_last_one_counts_that_is_no_forwarders(string forwarded, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await stack.SendAsync(Host, request);

        var seen = backend.Seen.Last().Headers;
        Assert.Equal(address, seen["X-Forwarded-For"]);
        Assert.DoesNotContain(seen, header => header.Value.Contains("203.0.113.7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_web_socket_goes_through_both()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", Host);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = TlsClient.Http(edge);
        await socket.ConnectAsync(new Uri($"wss://{Host}/_blazor"), client, deadline.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes("word"), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, deadline.Token);
        Assert.Equal("word", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task A_stack_whose_gateway_is_away_is_an_outage_at_the_edge()
    {
        await stack.DisposeAsync();
        using var client = TlsClient.Http(edge);
        using var response = await client.GetAsync(new Uri($"https://{Host}/"));
        await ProblemAssert.IsAsync(HttpStatusCode.ServiceUnavailable, "unavailable", response);
        Assert.NotNull(response.Headers.RetryAfter);
        stack = await GatewayHost.StartAsync();
    }
}
