using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Primitives;
using Portal.Gateway.Stacks;
using Yarp.ReverseProxy.Configuration;

namespace Portal.Gateway.Routing;

/// <summary>
/// Hands the proxy its configuration: one immutable snapshot, swapped whole when routes change. A request that has begun
/// ends on the routes it began with.
/// </summary>
internal sealed class ProxyRoutes(RouteTable table, TimeProvider time) : IProxyConfigProvider, IConfigChangeListener, IHealthCheck
{
    private volatile StackSet set = StackSet.Empty;
    private volatile Snapshot current = new([], [], 0, null);
    private volatile Snapshot? applied;

    /// <summary>What was read last: the stacks that are routed and the files that are refused.</summary>
    public StackSet Current => set;

    /// <summary>A stack by its name; null where its file is gone.</summary>
    public Stack? StackOf(string name) => set.Stacks.GetValueOrDefault(name + ".json");

    /// <summary>Counts the changes of routes since the start.</summary>
    public int Revision => current.Revision;

    /// <summary>When the routes changed last; null before the first reading.</summary>
    public DateTimeOffset? ChangedAt => current.At;

    /// <summary>Whether the proxy routes by <see cref="Current"/>.</summary>
    public bool IsApplied => current.At is not null && ReferenceEquals(applied, current);

    public IProxyConfig GetConfig() => current;

    /// <summary>Only the folder's one reading loop calls this, so two publications never overlap.</summary>
    public void Publish(StackSet next)
    {
        if (current.At is not null && set.RoutesLike(next))
        {
            set = next;
            return;
        }

        var replaced = current;
        current = new Snapshot(table.Routes(next), table.Clusters(next), replaced.Revision + 1, time.GetUtcNow());
        set = next;
        replaced.Expire();
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsApplied ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the routes are not applied yet"));

    void IConfigChangeListener.ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) =>
        applied = proxyConfigs.OfType<Snapshot>().SingleOrDefault();

    void IConfigChangeListener.ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Loaded is not applied yet.
    }

    void IConfigChangeListener.ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
        // The proxy logs it; readiness says that what is current isn't applied.
    }

    void IConfigChangeListener.ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        // As above.
    }

    private sealed class Snapshot(
        IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters, int revision, DateTimeOffset? at) : IProxyConfig
    {
        private readonly ConfigurationReloadToken changed = new();

        public IReadOnlyList<RouteConfig> Routes => routes;

        public IReadOnlyList<ClusterConfig> Clusters => clusters;

        public int Revision => revision;

        public DateTimeOffset? At => at;

        public IChangeToken ChangeToken => changed;

        public void Expire() => changed.OnReload();
    }
}
