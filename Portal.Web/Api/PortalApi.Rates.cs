using System.Text;
using Portal.Contracts.Rates;
using Portal.Contracts.Sites;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    private const int MostRates = 2_000;

    public Task<IReadOnlyList<TariffItem>> TariffsAsync(CancellationToken cancellationToken) => AllAsync<TariffItem>("/api/rates/tariffs", MostRates, cancellationToken);

    public Task<TariffDetail> TariffAsync(string id, CancellationToken cancellationToken) => GetAsync<TariffDetail>($"/api/rates/tariffs/{Uri.EscapeDataString(id)}", cancellationToken);

    public Task<IReadOnlyList<ShippedTariffItem>> ShippedTariffsAsync(CancellationToken cancellationToken) => AllAsync<ShippedTariffItem>("/api/rates/shipped", MostRates, cancellationToken);

    public Task<TariffImported> ImportShippedAsync(string key, CancellationToken cancellationToken) =>
        SendAsync<TariffImported>(HttpMethod.Post, $"/api/rates/shipped/{Uri.EscapeDataString(key)}/import", null, cancellationToken);

    /// <summary>Takes a tariff's file over.</summary>
    /// <param name="check">True: says what would happen and stores nothing.</param>
    public async Task<TariffImported> ImportTariffAsync(string file, bool check, CancellationToken cancellationToken)
    {
        using var content = new StringContent(file, Encoding.UTF8, "application/yaml");
        return await SendAsync<TariffImported>(HttpMethod.Post, $"/api/rates/tariffs/import?check={(check ? "true" : "false")}", content, cancellationToken);
    }

    /// <summary>The tariff as a file, YAML.</summary>
    public async Task<string> TariffFileAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/api/rates/tariffs/{Uri.EscapeDataString(id)}/file", null, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>The tariff as a file, JSON.</summary>
    public async Task<string> TariffJsonAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/api/rates/tariffs/{Uri.EscapeDataString(id)}/file?format=json", null, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public Task DeleteTariffAsync(string id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Delete, $"/api/rates/tariffs/{Uri.EscapeDataString(id)}", null, cancellationToken);

    public Task ApproveVersionAsync(string tariffId, string id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Post, Version(tariffId, id) + "/approve", null, cancellationToken);

    public Task WithdrawVersionAsync(string tariffId, string id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Post, Version(tariffId, id) + "/withdraw", null, cancellationToken);

    public Task DeleteVersionAsync(string tariffId, string id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Delete, Version(tariffId, id), null, cancellationToken);

    public Task<IReadOnlyList<SiteItem>> BilledSitesAsync(CancellationToken cancellationToken) => AllAsync<SiteItem>("/api/sites", MostRates, cancellationToken);

    public Task<IReadOnlyList<AssignmentItem>> AssignmentsAsync(string siteId, CancellationToken cancellationToken) =>
        AllAsync<AssignmentItem>($"/api/rates/assignments?siteId={Uri.EscapeDataString(siteId)}", MostRates, cancellationToken);

    public Task<AssignmentItem> AssignAsync(AssignmentBody body, CancellationToken cancellationToken) =>
        SendAsync<AssignmentItem>(HttpMethod.Post, "/api/rates/assignments", body, cancellationToken);

    public Task UnassignAsync(string id, CancellationToken cancellationToken) => DoAsync(HttpMethod.Delete, $"/api/rates/assignments/{Uri.EscapeDataString(id)}", null, cancellationToken);

    public Task<IReadOnlyList<SiteFactsItem>> SiteFactsAsync(string siteId, CancellationToken cancellationToken) =>
        AllAsync<SiteFactsItem>($"/api/rates/facts?siteId={Uri.EscapeDataString(siteId)}", MostRates, cancellationToken);

    public Task<SiteFactsItem> SetFactsAsync(SiteFactsBody body, CancellationToken cancellationToken) => SendAsync<SiteFactsItem>(HttpMethod.Put, "/api/rates/facts", body, cancellationToken);

    /// <param name="query"><c>siteId</c>, <c>from</c> and <c>to</c>, as in an address.</param>
    public Task<BillAnswer> BillAsync(string query, CancellationToken cancellationToken) => GetAsync<BillAnswer>($"/api/costs?{query}", cancellationToken);

    /// <param name="query">As of a bill.</param>
    public Task<CostMonthsAnswer> CostMonthsAsync(string query, CancellationToken cancellationToken) => GetAsync<CostMonthsAnswer>($"/api/costs/months?{query}", cancellationToken);

    public Task<BillLineAnswer> BillLineAsync(string query, string line, CancellationToken cancellationToken) =>
        GetAsync<BillLineAnswer>($"/api/costs/line?{query}&line={Uri.EscapeDataString(line)}", cancellationToken);

    public Task<WhatIfAnswer> WhatIfAsync(string query, string tariffId, CancellationToken cancellationToken) =>
        GetAsync<WhatIfAnswer>($"/api/costs/what-if?{query}&tariffId={Uri.EscapeDataString(tariffId)}", cancellationToken);

    private static string Version(string tariffId, string id) => $"/api/rates/tariffs/{Uri.EscapeDataString(tariffId)}/versions/{Uri.EscapeDataString(id)}";
}
