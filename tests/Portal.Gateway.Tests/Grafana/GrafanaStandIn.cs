using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Gateway.Tests.Grafana;

/// <summary>
/// Grafana as far as <c>auth.proxy</c> and the sub path go, by its documentation: it believes <c>X-WEBAUTH-USER</c> and
/// <c>X-WEBAUTH-ROLE</c> from the whitelisted addresses alone, makes users that it doesn't know, serves below <c>/grafana</c> only, and takes
/// other ways to sign in before that one. It keeps what would have been a mistake of the gateway.
/// </summary>
internal sealed class GrafanaStandIn : IAsyncDisposable
{
    private GrafanaStandIn(string host) => Host = host;

    public Backend Backend { get; private set; } = null!;

    public string Address => Backend.Address;

    /// <summary>The host of <c>GF_SERVER_ROOT_URL</c>.</summary>
    public string Host { get; }

    /// <summary>Users that it made, with the role they had last.</summary>
    public ConcurrentDictionary<string, string> Users { get; } = new();

    /// <summary>What a Grafana behind this gateway must never see.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = new();

    public static async Task<GrafanaStandIn> StartAsync(string host)
    {
        var grafana = new GrafanaStandIn(host);
        grafana.Backend = await Backend.StartAsync("grafana", grafana.AnswerAsync);
        return grafana;
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        if (!request.Path.StartsWithSegments("/grafana", StringComparison.Ordinal, out var page)) Mistakes.Enqueue($"{request.Path} is not below its sub path");
        if (request.Host.Host != Host) Mistakes.Enqueue($"Host is {request.Host}: it would take the portal's own pages for another site's");
        if (request.Headers.Authorization.Count > 0) Mistakes.Enqueue("a caller could sign in by a password or token of Grafana's own");
        if (request.Headers.Cookie.ToString().Contains("portal-session", StringComparison.Ordinal)) Mistakes.Enqueue("it was shown the portal's session");
        if (request.Headers["X-WEBAUTH-USER"].Count > 1 || request.Headers["X-WEBAUTH-ROLE"].Count > 1) Mistakes.Enqueue("a claim of the caller came along");
        foreach (var name in request.Headers.Keys.Where(name => name.Replace('_', '-').StartsWith("X-WEBAUTH-", StringComparison.OrdinalIgnoreCase)))
            if (name.ToUpperInvariant() is not ("X-WEBAUTH-USER" or "X-WEBAUTH-ROLE")) Mistakes.Enqueue($"{name} came along");

        if (!IPAddress.IsLoopback(http.Connection.RemoteIpAddress!))
        {
            http.Response.StatusCode = StatusCodes.Status407ProxyAuthenticationRequired;
            return;
        }

        if (request.Headers["X-WEBAUTH-USER"].ToString() is not { Length: > 0 } user)
        {
            // Anonymous is off: its own sign-in page, which nobody of a portal ever sees.
            Mistakes.Enqueue("somebody came without a name");
            http.Response.Redirect("/grafana/login");
            return;
        }

        var role = request.Headers["X-WEBAUTH-ROLE"].ToString();
        if (role is not ("Viewer" or "Editor")) Mistakes.Enqueue($"'{role}' is more than anybody may be");
        Users[user] = role;
        if (http.WebSockets.IsWebSocketRequest) await LiveAsync(http);
        else await http.Response.WriteAsync(page == "/redirect" ? QueryHelpers.AddQueryString("/grafana/x", "a", "b") : $"{user} is {role}");
    }

    // Grafana Live says something of its own accord and never ends.
    private static async Task LiveAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync("connected"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
        var buffer = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            // Cut off.
        }
    }
}
