using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.AppHost.Local;

namespace Portal.Testing;

/// <summary>
/// Stands between the service and its database, and can be cut: connections break and new ones are refused, as when the server is
/// restarted, while the server itself serves the other tests.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly IPEndPoint server;
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly int port;
    private TcpListener listener;
    private Task accepting;

    private CuttableProxy(IPEndPoint server, TcpListener listener)
    {
        (this.server, this.listener) = (server, listener);
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync(listener);
    }

    /// <summary>A proxy for the database of a connection string, and the connection string that goes through it.</summary>
    public static (CuttableProxy Proxy, string ConnectionString) Before(string connectionString)
    {
        var direct = new NpgsqlConnectionStringBuilder(connectionString);
        // A port that nobody else is given while it is cut.
        var listener = new TcpListener(IPAddress.Loopback, FreePort.Next());
        listener.Start();
        var proxy = new CuttableProxy(new IPEndPoint(IPAddress.Parse(direct.Host!), direct.Port), listener);
        return (proxy, new NpgsqlConnectionStringBuilder(connectionString) { Port = proxy.port }.ConnectionString);
    }

    public async Task CutAsync()
    {
        listener.Stop();
        await accepting;
        foreach (var socket in sockets.Keys)
        {
            socket.Dispose();
        }

        sockets.Clear();
    }

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        listener.Dispose();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var client = await from.AcceptSocketAsync();
                var upstream = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                sockets[client] = sockets[upstream] = true;
                await upstream.ConnectAsync(server);
                _ = PumpAsync(client, upstream);
                _ = PumpAsync(upstream, client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or one side is gone.
        }
        finally
        {
            sockets.TryRemove(from, out _);
            sockets.TryRemove(to, out _);
            from.Dispose();
            to.Dispose();
        }
    }
}
