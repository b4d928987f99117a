using Portal.Contracts;
using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

/// <summary>The fleet aggregator, as the signed-in operator.</summary>
public sealed class FleetApi(HttpClient http)
{
    // A page shows this many customers at the most.
    private const int MaxCustomers = 2_000;

    /// <summary>Customers by code, at most <see cref="MaxCustomers"/> of them.</summary>
    public async Task<IReadOnlyList<CustomerView>> CustomersAsync(CancellationToken cancellationToken)
    {
        var customers = new List<CustomerView>();
        string? cursor = null;
        do
        {
            var path = "/api/fleet/customers" + (cursor is null ? "" : "?cursor=" + Uri.EscapeDataString(cursor));
            var page = await Answers.ReadAsync<Page<CustomerView>>(
                Answers.SendAsync("The fleet aggregator", () => http.GetAsync(path, cancellationToken)),
                cancellationToken);
            customers.AddRange(page.Items);
            cursor = page.Next;
        } while (cursor is not null && customers.Count < MaxCustomers);

        return customers;
    }
}
