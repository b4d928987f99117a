using System.Net;
using System.Net.Sockets;

namespace Portal.Ingest.FleetPush;

/// <summary>How the push reaches the fleet: no redirects (they would be followed with the token), no cookies, and two rules for addresses.</summary>
/// <remarks>
/// .NET on Linux doesn't resolve names below <c>.localhost</c>; they are this machine. And over plain http only private addresses are
/// connected to, whatever a name resolves to.
/// </remarks>
internal static class PushConnections
{
    /// <summary>A restarted or moved Admin stack is found again under its new address after this.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static SocketsHttpHandler Create(Uri url)
    {
        var isPlain = url.Scheme == Uri.UriSchemeHttp;
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // What goes over plain http stays in the private network; HTTPS goes through the site's proxy where the environment names one.
            UseProxy = !isPlain,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = Lifetime,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, isPlain, cancellationToken),
        };
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool onlyPrivate, CancellationToken cancellationToken)
    {
        var addresses = PrivateNetwork.IsLocalhost(endPoint.Host)
            ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        if (onlyPrivate && Array.Find(addresses, address => !PrivateNetwork.Contains(address)) is { } address)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"{endPoint.Host} is {address}, which is no private address, and plain http would show the token on the way; set FleetIngest__Url to https"
            );
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
