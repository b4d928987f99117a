using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Contracts.Overview;
using Portal.Contracts.Sites;
using Portal.Web.Api;
using Portal.Web.Charts;
using Portal.Web.Devices;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Sites;

/// <summary>A site and when that was.</summary>
public sealed record OverviewSiteNow(DateTimeOffset At, OverviewSite Site);

/// <summary>One site: what it draws, its days, its devices.</summary>
public sealed partial class SitePage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<SitesText> text) : DataComponent<OverviewSiteNow>
{
    private ChartSeries[] power = [];
    private ChartSeries[] energy = [];

    [Parameter]
    public required string Id { get; set; }

    /// <summary>What is zoomed to, Unix seconds.</summary>
    [SupplyParameterFromQuery]
    public long? From { get; set; }

    [SupplyParameterFromQuery]
    public long? To { get; set; }

    protected override object Question => Id;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<SitesText> Text => text;

    private TimeZoneInfo Zone => SiteTime.Zone(Data.Value?.Site.TimeZone ?? "UTC");

    private ChartRange? Shown => ChartAddress.Read(From, To);

    protected override void OnInitialized()
    {
        power = [new("activePowerKw", text["Power"], "kW", Fill: true)];
        energy = [new("importKwh", text["Import"], "kWh")];
    }

    protected override async Task<OverviewSiteNow> LoadAsync(CancellationToken cancellationToken)
    {
        var overview = await api.OverviewAsync(cancellationToken);
        // One that isn't among them is asked for itself, so that the API says why.
        return overview.Sites.FirstOrDefault(site => site.Id == Id) is { } found
            ? new OverviewSiteNow(overview.At, found)
            : new OverviewSiteNow(overview.At, Empty(await api.SiteAsync(Id, cancellationToken), overview.At));
    }

    private static OverviewSite Empty(SiteItem site, DateTimeOffset at) => new(site.Id, site.Name, site.TimeZone, null, null, false, at, []);

    private string DevicesNote(OverviewSiteNow shown) =>
        shown.Site.Devices.Count(device => !Freshness.Of(device.LastSeenAt, shown.At).IsFresh) is var silent and > 0
            ? text["Silent", Numbers.Count(silent)]
            : shown.Site.Devices.Count > 0 ? text["AllFresh"] : text["NoneYet"];

    private static string Csv(OverviewSiteNow shown) => FormattableString.Invariant(
        $"/api/energy/csv?siteId={shown.Site.Id}&from={shown.At.AddDays(-366).ToUnixTimeSeconds()}&to={shown.At.ToUnixTimeSeconds()}&interval=day");

    private void Keep(ChartRange? range) => navigation.Adjust(ChartAddress.Write(range));

    private async Task EditAsync()
    {
        var site = Data.Value!.Site;
        var changed = await dialogs.AskAsync<SiteDialog, SiteItem>(text["EditSite"], new()
        {
            { dialog => dialog.Id, site.Id },
            { dialog => dialog.Name, site.Name },
            { dialog => dialog.TimeZone, site.TimeZone },
        });
        if (changed is not null) await ReloadAsync();
    }

    private async Task DeleteAsync()
    {
        var site = Data.Value!.Site;
        if (await dialogs.ConfirmAsync(text["DeleteTitle", site.Name], text["DeleteText"], text["Delete"], destroys: true)
            && await form.SubmitAsync(() => api.DeleteSiteAsync(site.Id)))
            navigation.NavigateTo("/sites");
    }

    private async Task AddAsync()
    {
        if (await dialogs.AskAsync<DeviceDialog, DeviceCreated>(text["AddDevice"], new() { { dialog => dialog.SiteId, Id } }) is { } created)
            navigation.NavigateTo(DevicesPage.Path(created.Id));
    }
}
