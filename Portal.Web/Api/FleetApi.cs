using Portal.Contracts.Audit;
using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

/// <summary>The fleet aggregator, as the signed-in operator. Each noun has a file of its own: <c>FleetApi.Noun.cs</c>.</summary>
public sealed partial class FleetApi(HttpClient http, Caller caller) : ApiClient(http, caller, "The fleet aggregator")
{
    // The trail is shown page by page of a hundred; so many are loaded at the most.
    private const int MaxAuditItems = 500;

    public Task<FleetDashboard> DashboardAsync(CancellationToken cancellationToken) => GetAsync<FleetDashboard>("/api/fleet/dashboard", cancellationToken);

    /// <summary>The newest changes of the fleet, at most <see cref="MaxAuditItems"/> of them.</summary>
    public Task<IReadOnlyList<AuditItem>> AuditAsync(CancellationToken cancellationToken) =>
        AllAsync<AuditItem>("/api/fleet/audit", MaxAuditItems, cancellationToken);
}
