using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Gateway.Tests.Tls;

/// <summary>Shakes hands as a browser does: it names a host, trusts the authority's root alone, and knows no intermediate.</summary>
internal static class TlsClient
{
    /// <summary>Serial of the certificate that a host is answered with; null where the handshake is refused.</summary>
    public static Task<string?> SerialAsync(GatewayHost gateway, string host, SslProtocols protocols = SslProtocols.None) =>
        SerialAsync(gateway.TlsPort, host, protocols);

    /// <summary>The same of any program.</summary>
    public static async Task<string?> SerialAsync(int port, string host, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(Options(host, protocols));
            return tls.RemoteCertificate!.GetSerialNumberString();
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return null;
        }
    }

    /// <summary>A client that reaches the gateway by the names in its addresses.</summary>
    public static HttpClient Http(GatewayHost gateway, Version? version = null) => Http(version, new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) => await ConnectAsync(gateway, cancellationToken),
        SslOptions = Options("", SslProtocols.None),
    });

    /// <summary>One that names <paramref name="sni"/> in the handshake, whatever it asks then; its addresses are written with <c>http</c>.</summary>
    public static HttpClient Fronted(GatewayHost gateway, string sni) => Http(null, new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var tls = new SslStream(await ConnectAsync(gateway, cancellationToken));
            await tls.AuthenticateAsClientAsync(Options(sni, SslProtocols.None), cancellationToken);
            return tls;
        },
    });

    private static HttpClient Http(Version? version, SocketsHttpHandler handler)
    {
        (handler.AllowAutoRedirect, handler.UseCookies) = (false, false);
        return new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    private static async Task<NetworkStream> ConnectAsync(GatewayHost gateway, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, gateway.TlsPort, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static SslClientAuthenticationOptions Options(string host, SslProtocols protocols) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = protocols,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
            using var strict = new X509Chain
            {
                ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
            };
            strict.ChainPolicy.CustomTrustStore.Add(Authority.Root);
            // What the server sent along; without its intermediate there is no way to the root.
            strict.ChainPolicy.ExtraStore.AddRange(chain!.ChainPolicy.ExtraStore);
            return strict.Build((X509Certificate2)certificate!);
        },
    };
}
