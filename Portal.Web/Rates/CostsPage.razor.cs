using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>What a site's energy costs: a month's bill, each line down to its intervals, and the same month under another tariff.</summary>
public sealed partial class CostsPage(PortalApi api, FormState form, NavigationManager navigation, IJSRuntime browser, IStringLocalizer<RatesText> text) : DataComponent<CostsView>
{
    /// <summary>Id of the site; null: the first one.</summary>
    [SupplyParameterFromQuery(Name = "site")]
    public string? Site { get; set; }

    /// <summary>A <see cref="BillMonth"/>; null: this month.</summary>
    [SupplyParameterFromQuery(Name = "month")]
    public string? MonthName { get; set; }

    /// <summary>Id of a tariff to compare with.</summary>
    [SupplyParameterFromQuery(Name = "if")]
    public string? If { get; set; }

    protected override object Question => (Site, MonthName, If);

    private IStringLocalizer<RatesText> Text => text;

    private TimeZoneInfo Zone => SiteTime.Zone(Data.Value?.Site?.TimeZone ?? "UTC");

    private BillMonth Month => BillMonth.Read(MonthName, Scope.Clock.GetUtcNow(), Zone);

    private List<(string Value, string Word)> Choices =>
        [("", text["Choose"]), .. Data.Value!.Tariffs.Select(tariff => (tariff.Id, $"{tariff.Municipality} · {tariff.Name}"))];

    protected override async Task<CostsView> LoadAsync(CancellationToken cancellationToken)
    {
        var sites = await api.BilledSitesAsync(cancellationToken);
        var site = Site is null ? (sites.Count > 0 ? sites[0] : null) : sites.FirstOrDefault(one => one.Id == Site);
        if (site is null) return new CostsView(sites, null, "", null, null, [], [], [], null);

        var (zone, now) = (SiteTime.Zone(site.TimeZone), Scope.Clock.GetUtcNow());
        var month = BillMonth.Read(MonthName, now, zone);
        var query = month.Query(site.Id, now, zone);
        var tariffs = (await api.TariffsAsync(cancellationToken)).Where(tariff => tariff.Versions.Any(version => version.State == VersionStates.Approved)).ToList();
        var assignments = await api.AssignmentsAsync(site.Id, cancellationToken);
        var facts = await api.SiteFactsAsync(site.Id, cancellationToken);
        return new CostsView(
            sites, site, query,
            await api.BillAsync(query, cancellationToken),
            assignments.Count == 0 ? null : await api.BillAsync(month.Before.Query(site.Id, now, zone), cancellationToken),
            [.. assignments.OrderBy(assignment => assignment.From)], [.. facts.OrderBy(fact => fact.From)], tariffs,
            If is null ? null : await api.WhatIfAsync(query, If, cancellationToken));
    }

    private string Address(BillMonth month) => $"/costs?site={Data.Value!.Site!.Id}&month={month.Name}";

    private void Compare(string tariff) => navigation.GoTo(("if", tariff));

    private async Task PrintAsync() => await browser.InvokeVoidAsync("print");

    private string BillNote(BillAnswer bill) => text[bill.Complete ? bill.Estimated ? "PartlyEstimated" : "Complete" : "NotComplete"];

    // Bands and blocks share the energy among them; levies count it again.
    private static double? Energy(BillAnswer bill) =>
        bill.Lines.Where(line => line.Kind is "energy" or "blocks" && line.Quantity is not null).Select(line => (double)line.Quantity!.Value).ToList() is { Count: > 0 } known ? known.Sum() : null;

    private string PerKwh(BillAnswer bill) =>
        Energy(bill) is > 0 and var energy ? text["PerKwh", Money.Price(Math.Round(bill.Total / (decimal)energy, 4)), bill.Currency ?? ""] : "";
}
