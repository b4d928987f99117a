using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.Gateway.Tls;
using Portal.ServiceDefaults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway.Status;

/// <summary><c>/health</c>, <c>/health/ready</c> and <c>/gateway/status</c>, on the private port only.</summary>
internal static class StatusEndpoint
{
    public static void MapStatusPort(this WebApplication app)
    {
        app.MapDefaultEndpoints().WithMetadata(new OnStatusPort());
        app.MapGet("/gateway/status", Status).WithMetadata(new OnStatusPort()).DisableHttpMetrics();
    }

    private static GatewayStatus Status(ProxyRoutes routes, IProxyStateLookup proxy, Certificates certificates)
    {
        var set = routes.Current;
        return new GatewayStatus(
            routes.Revision,
            routes.ChangedAt,
            routes.IsApplied,
            [.. set.Stacks.Values.Select(stack => new StackStatus(stack.Name, stack.Host, Services(stack, proxy)))],
            set.Faults,
            [.. certificates.Current.Files.Values.Select(certificate => new CertificateStatus(certificate.File, certificate.Names, certificate.NotAfter))],
            certificates.Current.Faults);
    }

    private static Dictionary<string, IReadOnlyList<AddressStatus>> Services(Stack stack, IProxyStateLookup proxy) =>
        stack.Services.ToDictionary(
            service => RouteTable.Name(service.Key),
            service => (IReadOnlyList<AddressStatus>)
                [.. service.Value.Select(address => new AddressStatus(address, Health(proxy, RouteTable.ClusterId(stack.Name, service.Key), address)))]);

    private static string Health(IProxyStateLookup proxy, string clusterId, string address) =>
        proxy.TryGetCluster(clusterId, out var cluster) && cluster.Destinations.TryGetValue(address, out var destination)
            ? Worse(destination.Health.Active, destination.Health.Passive).ToString().ToLowerInvariant()
            : "unknown";

    private static DestinationHealth Worse(DestinationHealth active, DestinationHealth passive) =>
        passive == DestinationHealth.Unhealthy || active == DestinationHealth.Unknown ? passive : active;
}

/// <summary>The stacks that are routed and the files that are refused, as <c>./portal status</c> and a person read it.</summary>
internal sealed record GatewayStatus(
    int Revision, DateTimeOffset? ChangedAt, bool Applied, IReadOnlyList<StackStatus> Stacks, IReadOnlyList<StackFault> Refused,
    IReadOnlyList<CertificateStatus> Certificates, IReadOnlyList<CertificateFault> RefusedCertificates);

internal sealed record CertificateStatus(string File, IReadOnlyList<string> Names, DateTimeOffset NotAfter);

internal sealed record StackStatus(string Name, string Host, IReadOnlyDictionary<string, IReadOnlyList<AddressStatus>> Services);

/// <summary>Health is told by the probes and by the traffic, <c>unknown</c> until either has said anything.</summary>
internal sealed record AddressStatus(string Address, string Health);
