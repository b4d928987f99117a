using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Portal.Gateway.Stacks;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Portal.Gateway.Routing;

/// <summary>
/// Which path of a host goes to which service. Paths match whole segments (<c>/api/fleetfoo</c> is no fleet path), the
/// longest literal path wins.
/// </summary>
internal sealed class RouteTable(IOptions<GatewayOptions> options)
{
    /// <summary>Metadata of a route: the name of its service.</summary>
    public const string ServiceKey = "service";

    /// <summary>Metadata of a route: the name of its stack.</summary>
    public const string StackKey = "stack";

    private enum Body
    {
        Usual,
        Ingest,
    }

    private static readonly ImmutableArray<(string Path, Service Service, Body Body)> Paths =
    [
        ("/api/ingest", Service.Ingest, Body.Ingest),
        ("/api/fleet-push", Service.Ingest, Body.Usual),
        ("/api/fleet", Service.Aggregator, Body.Usual),
        ("/api/fleet/ingest", Service.Aggregator, Body.Ingest),
        ("/api", Service.Api, Body.Usual),
        ("/health", Service.Api, Body.Usual),
        ("/openapi", Service.Api, Body.Usual),
        ("/grafana", Service.Grafana, Body.Usual),
        ("", Service.Web, Body.Usual),
    ];

    /// <summary>
    /// Every path of every stack has a route. One whose service the stack lacks has no cluster, so that it can't fall
    /// through to the service of a shorter path.
    /// </summary>
    public IReadOnlyList<RouteConfig> Routes(StackSet set) =>
    [
        .. from stack in set.Stacks.Values
           from path in Paths
           select new RouteConfig
           {
               RouteId = $"{stack.Name}{path.Path}",
               ClusterId = stack.Services.ContainsKey(path.Service) ? ClusterId(stack, path.Service) : null,
               Match = new RouteMatch { Hosts = [stack.Host], Path = path.Path + "/{**rest}" },
               MaxRequestBodySize = 1024L * 1024 * (path.Body == Body.Ingest ? options.Value.IngestBodyLimitMiB : options.Value.BodyLimitMiB),
               Metadata = new Dictionary<string, string> { [StackKey] = stack.Name, [ServiceKey] = Name(path.Service) },
           },
    ];

    public IReadOnlyList<ClusterConfig> Clusters(StackSet set) =>
        [.. from stack in set.Stacks.Values from service in stack.Services select Cluster(stack, service.Key, service.Value)];

    public static string Name(Service service) => service.ToString().ToLowerInvariant();

    public static string ClusterId(Stack stack, Service service) => $"{stack.Name}:{Name(service)}";

    private ClusterConfig Cluster(Stack stack, Service service, ImmutableArray<string> addresses) => new()
    {
        ClusterId = ClusterId(stack, service),
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = addresses.ToDictionary(address => address, address => new DestinationConfig { Address = address }),
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = options.Value.ActivityTimeout,
            // Plain HTTP between the gateway and the services of one private network.
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        HealthCheck = new HealthCheckConfig
        {
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = TimeSpan.FromSeconds(10),
            },
            // A dead replica is left out while another lives. With none alive all are tried: a service that is back is
            // found at once, not after the reactivation period.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        },
        // A Blazor circuit lives in one process of the web service.
        SessionAffinity = service == Service.Web && addresses.Length > 1 ? StickyCircuits : null,
    };

    private static readonly SessionAffinityConfig StickyCircuits = new()
    {
        Enabled = true,
        Policy = "HashCookie",
        FailurePolicy = "Redistribute",
        AffinityKeyName = "portal-web-instance",
        Cookie = new SessionAffinityCookieConfig
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            SecurePolicy = CookieSecurePolicy.SameAsRequest,
        },
    };
}
