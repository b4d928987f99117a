using System.Net;
using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

public sealed partial class FleetApi
{
    /// <summary>Customers by code.</summary>
    public Task<Listed<CustomerView>> CustomersAsync(int most, CancellationToken cancellationToken) => ListAsync<CustomerView>("/api/fleet/customers", most, cancellationToken);

    public Task<CustomerView> CustomerAsync(int id, CancellationToken cancellationToken) => GetAsync<CustomerView>($"/api/fleet/customers/{id}", cancellationToken);

    public Task<CustomerDetail> DetailAsync(int id, CancellationToken cancellationToken) => GetAsync<CustomerDetail>($"/api/fleet/customers/{id}/detail", cancellationToken);

    /// <summary>Its sites, the oldest first.</summary>
    public Task<Listed<FleetSite>> SitesAsync(int id, int most, CancellationToken cancellationToken) => ListAsync<FleetSite>($"/api/fleet/customers/{id}/sites", most, cancellationToken);

    /// <summary>Its devices, the oldest first.</summary>
    public Task<Listed<FleetDevice>> DevicesAsync(int id, int most, CancellationToken cancellationToken) => ListAsync<FleetDevice>($"/api/fleet/customers/{id}/devices", most, cancellationToken);

    /// <summary>How much of what a customer holds is proven to be here; null where this aggregator has no ledger (the one before it has none).</summary>
    public async Task<CustomerLedger?> LedgerAsync(int id, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync<CustomerLedger>($"/api/fleet/customers/{id}/ledger", cancellationToken);
        }
        catch (ApiRefusedException refusal) when (refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // Whoever may see the customer may see its ledger: what is refused here is a path that isn't there.
            return null;
        }
    }

    /// <summary>The answer holds the token, once.</summary>
    public Task<CustomerToken> RegisterAsync(RegisterCustomer customer, CancellationToken cancellationToken) =>
        SendAsync<CustomerToken>(HttpMethod.Post, "/api/fleet/customers", customer, cancellationToken);

    public Task<CustomerView> EditAsync(int id, EditCustomer customer, CancellationToken cancellationToken) =>
        SendAsync<CustomerView>(HttpMethod.Put, $"/api/fleet/customers/{id}", customer, cancellationToken);

    /// <summary>The old token is refused from now on; the answer holds the new one, once.</summary>
    public Task<CustomerToken> RotateTokenAsync(int id, CancellationToken cancellationToken) =>
        SendAsync<CustomerToken>(HttpMethod.Post, $"/api/fleet/customers/{id}/rotate-token", null, cancellationToken);

    /// <summary>With everything that the fleet holds of it. Once begun it is done, whether this waits for it or not.</summary>
    public Task DeleteAsync(int id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Delete, $"/api/fleet/customers/{id}", null, cancellationToken);
}
