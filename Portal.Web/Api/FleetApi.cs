using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

/// <summary>The fleet aggregator, as the signed-in operator. Each noun has a file of its own: <c>FleetApi.Noun.cs</c>.</summary>
public sealed partial class FleetApi(HttpClient http, Caller caller) : ApiClient(http, caller, "The fleet aggregator")
{
    // A page shows this many customers at the most.
    private const int MaxCustomers = 2_000;

    /// <summary>Customers by code, at most <see cref="MaxCustomers"/> of them.</summary>
    public Task<IReadOnlyList<CustomerView>> CustomersAsync(CancellationToken cancellationToken) =>
        AllAsync<CustomerView>("/api/fleet/customers", MaxCustomers, cancellationToken);
}
