using System.Diagnostics.Metrics;
using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.Gateway.Tls;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway;

/// <summary>What the gateway measures of itself: meter <c>Portal.Gateway</c>. Series are bounded by the stacks and their services.</summary>
internal sealed class GatewayInstruments
{
    private readonly Counter<long> limited;
    private readonly Counter<long> failed;

    public GatewayInstruments(IMeterFactory meters, ProxyRoutes routes, IProxyStateLookup proxy, Certificates certificates, TimeProvider time)
    {
        var meter = meters.Create("Portal.Gateway");
        limited = meter.CreateCounter<long>("portal.gateway.requests.limited", "{request}", "Requests refused because their caller asks too often, by what is counted");
        failed = meter.CreateCounter<long>("portal.gateway.requests.failed", "{request}", "Requests that a service did not answer, by service and failure");
        meter.CreateObservableGauge("portal.gateway.addresses.unhealthy", () => Unhealthy(proxy), "{address}", "Addresses of services that don't answer, or aren't ready");
        meter.CreateObservableGauge("portal.gateway.files.refused", () => routes.Current.Faults.Length, "{fault}", "Faults of stack files; their last good routes stay");
        meter.CreateObservableGauge("portal.gateway.certificates.refused", () => certificates.Current.Faults.Length, "{fault}", "Faults of certificates; what was in use stays");
        meter.CreateObservableGauge("portal.gateway.certificate.remaining", () => Remaining(certificates, time), "s", "Until a certificate expires, by file");
    }

    public void Limited(string stack, RateKind kind) => limited.Add(1, new("stack", stack), new("kind", kind.ToString().ToLowerInvariant()));

    public void Failed(string stack, string service, ForwarderError failure) =>
        failed.Add(1, new("stack", stack), new("service", service), new("failure", failure.ToString().ToLowerInvariant()));

    private static IEnumerable<Measurement<double>> Remaining(Certificates certificates, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return certificates.Current.Files.Values.Select(certificate =>
            new Measurement<double>((certificate.NotAfter - now).TotalSeconds, new KeyValuePair<string, object?>("certificate", certificate.File)));
    }

    // "abc0001:api": the clusters of paths with a timeout of their own have the same addresses once more.
    private static IEnumerable<Measurement<int>> Unhealthy(IProxyStateLookup proxy) =>
        from cluster in proxy.GetClusters()
        let name = cluster.ClusterId.Split(':')
        where name.Length == 2
        select new Measurement<int>(
            cluster.Destinations.Values.Count(destination => destination.Health is { Active: DestinationHealth.Unhealthy } or { Passive: DestinationHealth.Unhealthy }),
            new("stack", name[0]), new("service", name[1]));
}
