using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.AppHost.Local;

/// <summary>
/// Free ports on loopback. They lie below the range from which systems take the ports of outgoing connections (from
/// 32768 on Linux), else a service that is down for a moment could lose its port to one of its own clients.
/// Programs that look at the same moment name different ones: whoever names a port holds it until its process ends, by a
/// UDP socket of the same number, which is in nobody's way.
/// </summary>
public static class FreePort
{
    private const int First = 15000;
    private const int Last = 32000;

    /// <summary>Some free port; nobody is named the same while this process lives.</summary>
    public static int Next()
    {
        // 200 tries among 17,000 ports fail only on a machine that could not run anything anyway.
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (!TryHold(port, out var held)) continue;
            if (IsFree(port))
            {
                Held.Add(held);
                return port;
            }

            held.Dispose();
        }

        throw new InvalidOperationException($"No free port was found between {First} and {Last}.");
    }

    /// <summary>Whether a program can listen on this port of loopback right now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static bool TryHold(int port, out Socket held)
    {
        held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            held.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            held.Dispose();
            return false;
        }
    }

    // Bounded by the range.
    private static readonly ConcurrentBag<Socket> Held = [];
}
