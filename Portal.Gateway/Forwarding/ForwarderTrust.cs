using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Portal.Gateway.Forwarding;

/// <summary>
/// Believes what an edge gateway, an Ingress or another proxy in <c>Gateway__TrustedForwarders</c> says of the caller's address
/// and scheme. Of <c>X-Forwarded-For</c> the last address counts that is no forwarder's: what the caller wrote itself stands before it.
/// </summary>
internal static class ForwarderTrust
{
    /// <summary>Instead of the private networks that services behind a gateway believe.</summary>
    public static void AddForwarderTrust(this IServiceCollection services) =>
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<GatewayOptions>>((forwarded, options) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.Value.ForwarderNetworks!) forwarded.KnownIPNetworks.Add(network);
            // With no network at all the middleware would believe everybody.
            if (forwarded.KnownIPNetworks.Count == 0) forwarded.ForwardedHeaders = ForwardedHeaders.None;
        });
}
