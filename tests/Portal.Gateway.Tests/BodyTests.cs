using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests;

public sealed class BodyTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";
    private const int MiB = 1024 * 1024;

    private Backend backend = null!;
    private GatewayHost gateway = null!;
    private RequestDelegate answer = http => http.Response.WriteAsync("unset");

    public async Task InitializeAsync()
    {
        backend = await Backend.StartAsync("all", http => answer(http));
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host,
            ("api", backend.Address), ("ingest", backend.Address), ("web", backend.Address), ("aggregator", backend.Address)));
        gateway = await GatewayHost.StartAsync(folder: folder);
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task An_announced_body_over_the_limit_is_refused_and_never_reaches_the_service()
    {
        foreach (var (path, limit) in new[] { ("/api/branding/logo", 10), ("/", 10), ("/api/fleet/ledger", 10), ("/api/ingest/acuvim", 64), ("/api/fleet/ingest", 64) })
        {
            using var response = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent(new byte[limit * MiB + 1]),
                // The body is only sent when the gateway says so.
                Headers = { ExpectContinue = true },
            });
            var body = await ProblemAssert.IsAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", response);
            Assert.Contains($"{limit} MiB", body, StringComparison.Ordinal);
        }

        Assert.Empty(backend.Seen);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_off_at_the_limit()
    {
        answer = async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("all of it");
        };

        // Kestrel counts the chunks' own lengths as well.
        using var fits = await PostChunkedAsync("/api/sites", 10 * MiB - 65536);
        Assert.Equal("all of it", await fits.Content.ReadAsStringAsync());
        using var tooLarge = await PostChunkedAsync("/api/sites", 10 * MiB + 1);
        await ProblemAssert.IsAsync(HttpStatusCode.RequestEntityTooLarge, "too-large", tooLarge);
    }

    [Fact]
    public async Task Ingest_takes_bodies_that_other_routes_refuse()
    {
        answer = async http =>
        {
            var length = 0L;
            var buffer = new byte[81920];
            for (int read; (read = await http.Request.Body.ReadAsync(buffer)) > 0;) length += read;
            await http.Response.WriteAsync($"{length}");
        };

        foreach (var path in new[] { "/api/ingest/acuvim", "/api/fleet/ingest" })
        {
            using var response = await PostChunkedAsync(path, 20 * MiB);
            Assert.Equal($"{20 * MiB}", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_body_reaches_the_service_while_it_is_still_being_sent()
    {
        var arrived = new TaskCompletionSource();
        var length = 0L;
        answer = async http =>
        {
            var buffer = new byte[81920];
            for (int read; (read = await http.Request.Body.ReadAsync(buffer)) > 0;)
            {
                length += read;
                if (length > MiB / 2) arrived.TrySetResult();
            }

            await http.Response.WriteAsync($"{length}");
        };

        var body = new Pipe();
        var sent = gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, "/api/ingest/acuvim") { Content = new StreamContent(body.Reader.AsStream()) });
        await body.Writer.WriteAsync(new byte[MiB]);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(sent.IsCompleted);

        await body.Writer.CompleteAsync();
        using var response = await sent;
        Assert.Equal($"{MiB}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_reaches_the_caller_while_it_is_still_being_written()
    {
        var words = Channel.CreateUnbounded<string>();
        answer = async http =>
        {
            await foreach (var word in words.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(word);
                await http.Response.Body.FlushAsync();
            }
        };

        words.Writer.TryWrite("one");
        using var response = await gateway.GetAsync(Host, "/api/energy");
        await using var answers = await response.Content.ReadAsStreamAsync();
        Assert.Equal("one", await ReadAsync(answers));
        words.Writer.TryWrite("two");
        Assert.Equal("two", await ReadAsync(answers));
        words.Writer.Complete();
        Assert.Equal("", await ReadAsync(answers));
    }

    [Fact]
    public async Task A_service_that_refuses_a_large_body_unread_is_heard()
    {
        foreach (var status in new[] { StatusCodes.Status401Unauthorized, StatusCodes.Status413PayloadTooLarge })
        {
            answer = http =>
            {
                http.Response.StatusCode = status;
                return http.Response.WriteAsync("no");
            };

            using var response = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, "/api/ingest/acuvim")
            {
                Content = new ByteArrayContent(new byte[40 * MiB]),
            });
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("no", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_web_socket_goes_through()
    {
        await using var echo = await Backend.StartAsync("echo");
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", echo.Address)));
        await gateway.RoutedAsync(2);

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", Host);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.PublicAddress.Port}/_blazor"), deadline.Token);
        foreach (var word in new[] { "first", "second" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(word), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer, deadline.Token);
            Assert.Equal(word, Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, deadline.Token));
    }

    private Task<HttpResponseMessage> PostChunkedAsync(string path, int length)
    {
        // The last byte goes in a chunk of its own: what a refusal leaves unread is then too small to break the connection.
        var content = new ChunkedContent(length);
        return gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { TransferEncodingChunked = true } });
    }

    private sealed class ChunkedContent(int length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[65536];
            for (var left = length - 1; left > 0; left -= block.Length) await stream.WriteAsync(block.AsMemory(0, Math.Min(left, block.Length)));
            await stream.FlushAsync();
            await stream.WriteAsync(block.AsMemory(0, 1));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }
}
