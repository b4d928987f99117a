using Portal.Contracts.Audit;
using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

/// <summary>The fleet aggregator, as the signed-in operator. Each noun has a file of its own: <c>FleetApi.Noun.cs</c>.</summary>
public sealed partial class FleetApi(HttpClient http, Caller caller) : ApiClient(http, caller, "The fleet aggregator")
{
    public Task<FleetDashboard> DashboardAsync(CancellationToken cancellationToken) => GetAsync<FleetDashboard>("/api/fleet/dashboard", cancellationToken);

    /// <summary>Changes of the fleet, the newest first.</summary>
    public Task<Listed<AuditItem>> AuditAsync(int most, CancellationToken cancellationToken) => ListAsync<AuditItem>("/api/fleet/audit", most, cancellationToken);
}
