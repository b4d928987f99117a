using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Gateway.Tests.Hostile;

/// <summary>Callers that send too much, or hardly anything.</summary>
public sealed class SizeAndPaceTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";

    private Backend backend = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        backend = await Backend.StartAsync("all", async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("done");
        });
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("api", backend.Address), ("web", backend.Address)));
        // Seconds instead of tens of them; what happens then is the same.
        gateway = await GatewayHost.StartAsync(folder: folder, services: services => services.PostConfigure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(1);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(1.5));
        }));
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Headers_and_targets_beyond_their_bounds_are_refused_and_reach_nobody()
    {
        foreach (var (what, request, status) in new[]
        {
            ("one large header", $"GET /api/x HTTP/1.1\r\nHost: {Host}\r\nX-Large: {new string('x', 33 * 1024)}\r\n\r\n", 431),
            ("many small headers", $"GET /api/x HTTP/1.1\r\nHost: {Host}\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"))}\r\n", 431),
            ("a long cookie", $"GET /api/x HTTP/1.1\r\nHost: {Host}\r\nCookie: portal-session={new string('x', 40 * 1024)}\r\n\r\n", 431),
            ("a long target", $"GET /api/{new string('x', 9 * 1024)} HTTP/1.1\r\nHost: {Host}\r\n\r\n", 414),
            ("a method nobody knows the end of", $"{new string('G', 9 * 1024)}", 414),
        })
            Assert.True(RawClient.Statuses(await RawClient.SendAsync(gateway, request)) is [var answered] && answered == status, what);

        Assert.Empty(backend.Seen);
        using var fits = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Get, "/api/x") { Headers = { { "X-Large", new string('x', 16 * 1024) } } });
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
    }

    [Fact]
    public async Task Who_never_ends_its_headers_is_cut_off_and_others_are_served_meanwhile()
    {
        using var slow = await ConnectAsync($"GET /api/x HTTP/1.1\r\nHost: {Host}\r\nX-Slow: ");
        using var other = await gateway.GetAsync(Host, "/api/x");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        Assert.Equal([408], RawClient.Statuses(await EndAsync(slow)));
    }

    [Fact]
    public async Task Who_connects_and_says_nothing_is_cut_off()
    {
        using var silent = await ConnectAsync("");
        Assert.Equal("", await EndAsync(silent));
    }

    [Fact]
    public async Task Who_trickles_its_body_is_cut_off()
    {
        using var slow = await ConnectAsync($"POST /api/x HTTP/1.1\r\nHost: {Host}\r\nContent-Length: 100000\r\n\r\n");
        var answered = EndAsync(slow);
        while (!answered.IsCompleted)
        {
            try
            {
                await slow.GetStream().WriteAsync("x"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(answered, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        Assert.True(RawClient.Statuses(await answered) is [] or [408]);
    }

    private async Task<TcpClient> ConnectAsync(string begun)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.PublicAddress.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(begun));
        return client;
    }

    private static async Task<string> EndAsync(TcpClient client)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await RawClient.ReadAsync(client.GetStream(), int.MaxValue, deadline.Token);
    }
}
