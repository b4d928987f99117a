using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using Portal.Gateway.Forwarding;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway.Tls;

/// <summary>Sends plain requests for a stack to its <c>https</c> address where this gateway ends TLS, and has browsers insist on it.</summary>
internal sealed class HttpsOnly(TlsAddresses addresses, Certificates certificates, IOptions<TlsOptions> options)
{
    private readonly string hsts = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)options.Value.HstsMaxAge.TotalSeconds}");

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Unknown hosts, answers of an ACME client and the status port are none of a stack's.
        if (http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not { Config.Match.Hosts: not null }) return next(http);
        if (!http.Request.IsHttps) return addresses.Any ? Redirect(http) : next(http);
        if (!IsSameCertificate(http)) return Refusals.AnswerAsync(http, StatusCodes.Status421MisdirectedRequest, "This connection is not for the host that was asked.");

        // Nobody ends TLS on a developer's machine for good.
        if (options.Value.HstsMaxAge > TimeSpan.Zero && !http.Request.Host.Host.EndsWith("localhost", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.TryAdd("Strict-Transport-Security", hsts);
                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    private Task Redirect(HttpContext http)
    {
        var host = options.Value.PublicPort == 443 ? new HostString(http.Request.Host.Host) : new HostString(http.Request.Host.Host, options.Value.PublicPort);
        // 308 keeps method and body: a meter's post that is sent to http arrives.
        http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        http.Response.Headers.Location = $"https://{host.ToUriComponent()}{RequestTarget.Raw(http)}";
        return Task.CompletedTask;
    }

    // A browser may use one connection for all hosts of a certificate. Anything else asks one stack behind another's name.
    private bool IsSameCertificate(HttpContext http)
    {
        if (http.Features.Get<ITlsHandshakeFeature>() is not { } handshake) return true;
        var set = certificates.Current;
        return handshake.HostName.Equals(http.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
            || (set.Find(http.Request.Host.Host) is { } certificate && ReferenceEquals(certificate, set.Find(handshake.HostName)));
    }
}
