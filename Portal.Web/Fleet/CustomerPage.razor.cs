using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>One customer: how it stands, what it pushed lately, and what it has.</summary>
public sealed partial class CustomerPage(FleetApi api, NavigationManager navigation, IStringLocalizer<CustomerText> text) : DataComponent<CustomerFile>
{
    // Shown once; gone with the page.
    private CustomerToken? token;

    [Parameter]
    public int Id { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    /// <summary>Of the devices: those with this in their name or serial.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    /// <summary>Of the devices: <c>silent</c> or null.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    protected override object? Question => Id;

    private IStringLocalizer<CustomerText> Text => text;

    private NavigationManager Navigation => navigation;

    private TimeZoneInfo Zone => SiteTime.Zone(Data.Value!.Detail.TimeZone);

    private CustomerLine Line => new(Data.Value!.Detail.Customer, Data.At!.Value);

    private string Shown => (Tabs.FirstOrDefault(tab => tab.Name == Tab) ?? Tabs[0]).Name;

    private IReadOnlyList<PageTab> Tabs =>
    [
        new("ingest", text["TabIngest"]),
        new("measurements", text["TabMeasurements"]),
        new("sites", text["TabSites"], Numbers.Count(Data.Value!.Detail.TotalSites)),
        new("devices", text["TabDevices"], Numbers.Count(Data.Value.Detail.Customer.Devices)),
        new("silences", text["TabSilences"], Data.Value.Detail.Silences.Count(silence => silence.EndedAt is null) is var open and > 0 ? Numbers.Count(open) : null),
        new("ledger", text["TabLedger"]),
    ];

    protected override async Task<CustomerFile> LoadAsync(CancellationToken cancellationToken)
    {
        var customer = api.CustomerAsync(Id, cancellationToken);
        var detail = api.DetailAsync(Id, cancellationToken);
        await Task.WhenAll(customer, detail);
        return new CustomerFile(await customer, await detail);
    }
}
