using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Portal.Gateway.Tls;

/// <summary>Answers handshakes at the <c>https</c> addresses with the certificate of the host that the client names.</summary>
internal static class TlsHandshake
{
    public static void Configure(KestrelServerOptions kestrel, TlsAddresses addresses, Certificates certificates) =>
        kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.EndPoint is not IPEndPoint at || !addresses.Contains(at.Port)) return;
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = hello => ValueTask.FromResult(Answer(hello, certificates)) });
        });

    private static SslServerAuthenticationOptions Answer(TlsHandshakeCallbackContext hello, Certificates certificates) => new()
    {
        ServerCertificateContext = certificates.Current.Find(hello.ClientHelloInfo.ServerName)?.Context
            ?? throw new AuthenticationException("There is no certificate for the host that was asked for."),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // A client can't make the server compute keys again and again on one connection.
        AllowRenegotiation = false,
    };
}
