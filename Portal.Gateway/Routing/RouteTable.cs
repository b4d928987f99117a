using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Gateway.Stacks;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Portal.Gateway.Routing;

/// <summary>Makes the proxy's routes and clusters of the stacks' files.</summary>
internal sealed class RouteTable(IOptions<GatewayOptions> options)
{
    /// <summary>Metadata of a route: the name of its service.</summary>
    public const string ServiceKey = "service";

    /// <summary>Metadata of a route: the name of its stack.</summary>
    public const string StackKey = "stack";

    /// <summary>Metadata of a route: what is counted there (<see cref="RateKind"/>); missing where nothing is.</summary>
    public const string RateKey = "rate";

    /// <summary>
    /// Every path of every stack has a route. One whose service the stack lacks has no cluster, so that it can't fall
    /// through to the service of a shorter path.
    /// </summary>
    public IReadOnlyList<RouteConfig> Routes(StackSet set) =>
    [
        .. from stack in set.Stacks.Values
           from path in StackPaths.Of(stack)
           select new RouteConfig
           {
               RouteId = stack.Name + path.Path,
               ClusterId = stack.Services.ContainsKey(path.Service) ? ClusterId(stack.Name, path.Service, Timeout(stack, path)) : null,
               Match = new RouteMatch { Hosts = [stack.Host], Path = path.Pattern },
               MaxRequestBodySize = 1024L * 1024 * BodyMiB(stack, path),
               Metadata = Metadata(stack, path),
           },
    ];

    /// <summary>One per service, and another where a path of it has a timeout of its own: that is a setting of clusters.</summary>
    public IReadOnlyList<ClusterConfig> Clusters(StackSet set) =>
    [
        .. from stack in set.Stacks.Values
           from service in stack.Services
           from timeout in StackPaths.Of(stack).Where(path => path.Service == service.Key).Select(path => Timeout(stack, path)).Append(null).Distinct()
           select Cluster(stack, service.Key, service.Value, timeout),
    ];

    public static string Name(Service service) => service.ToString().ToLowerInvariant();

    /// <summary>The cluster of a service that every path without a timeout of its own uses.</summary>
    public static string ClusterId(string stack, Service service) => ClusterId(stack, service, null);

    private static string ClusterId(string stack, Service service, TimeSpan? timeout) => timeout is null
        ? $"{stack}:{Name(service)}"
        : string.Create(CultureInfo.InvariantCulture, $"{stack}:{Name(service)}:{timeout.Value.TotalSeconds}");

    private static TimeSpan? Timeout(Stack stack, StackPath path) => stack.Paths.GetValueOrDefault(path.Path)?.Timeout;

    private int BodyMiB(Stack stack, StackPath path) =>
        stack.Paths.GetValueOrDefault(path.Path)?.BodyMiB ?? (path.TakesPosts ? options.Value.IngestBodyLimitMiB : options.Value.BodyLimitMiB);

    private static Dictionary<string, string> Metadata(Stack stack, StackPath path)
    {
        var metadata = new Dictionary<string, string> { [StackKey] = stack.Name, [ServiceKey] = Name(path.Service) };
        if (path.Rate is { } rate) metadata[RateKey] = rate.ToString();
        return metadata;
    }

    private ClusterConfig Cluster(Stack stack, Service service, ImmutableArray<string> addresses, TimeSpan? timeout) => new()
    {
        ClusterId = ClusterId(stack.Name, service, timeout),
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        // The host is for probes; requests keep their own.
        Destinations = addresses.ToDictionary(address => address, address => new DestinationConfig { Address = address, Host = stack.Host }),
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = timeout ?? options.Value.ActivityTimeout,
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
            Active = options.Value.ProbeInterval == TimeSpan.Zero ? null : new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = options.Value.ProbeInterval,
                Timeout = TimeSpan.FromSeconds(5),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = service == Service.Grafana ? "/grafana/api/health" : "/health/ready",
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
