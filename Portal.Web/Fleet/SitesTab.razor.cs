using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>All sites of a customer, by name.</summary>
public sealed partial class SitesTab(FleetApi api, IStringLocalizer<CustomerText> text) : ListComponent<FleetSite>
{
    [Parameter, EditorRequired]
    public int CustomerId { get; set; }

    /// <summary>What name or key have in them; null: anything.</summary>
    [Parameter]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    protected override object? Question => CustomerId;

    private IStringLocalizer<CustomerText> Text => text;

    protected override Task<Listed<FleetSite>> ListAsync(int most, CancellationToken cancellationToken) => api.SitesAsync(CustomerId, most, cancellationToken);

    private List<FleetSite> Shown(Listed<FleetSite> sites) => [.. sites.Items
        .Where(site => string.IsNullOrEmpty(Filter) || site.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase) || site.ExternalId.Contains(Filter, StringComparison.OrdinalIgnoreCase))
        .OrderBy(site => site.Name, StringComparer.CurrentCulture)];
}
