using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Portal.AppHost.Local;

namespace Portal.Gateway.Tests;

/// <summary>
/// A service behind the gateway: a real Kestrel on a real socket. It answers what it was asked, in headers, and lets a
/// test look at every request it got.
/// </summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(WebApplication app, string address) => (this.app, Address) = (app, address);

    public string Address { get; }

    /// <summary>Requests whose headers arrived; their bodies may still be on the way.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static Task<Backend> StartAsync(string name, RequestDelegate? answer = null) => StartAsync(name, NewAddress(), answer);

    /// <summary>Nobody else is given it while a test has its service down.</summary>
    public static string NewAddress() => $"http://127.0.0.1:{FreePort.Next()}";

    /// <summary>Starts on an address that was used before, like a service that was restarted.</summary>
    public static async Task<Backend> StartAsync(string name, string address, RequestDelegate? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var backend = new Backend(app, address);

        app.UseWebSockets();
        app.Run(async http =>
        {
            backend.Seen.Enqueue(new SeenRequest(
                http.Request.Method,
                http.Features.Get<IHttpRequestFeature>()!.RawTarget,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            http.Response.Headers["Answered-By"] = name;
            if (answer is not null) await answer(http);
            else if (http.WebSockets.IsWebSocketRequest) await EchoAsync(http);
            else await http.Response.WriteAsync(name, http.RequestAborted);
        });

        await app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", http.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, http.RequestAborted);
        }
    }
}

public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers);
