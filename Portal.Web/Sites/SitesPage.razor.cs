using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Overview;
using Portal.Contracts.Sites;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Sites;

/// <summary>All sites with what they draw now.</summary>
public sealed partial class SitesPage(PortalApi api, Dialogs dialogs, NavigationManager navigation, IStringLocalizer<SitesText> text) : DataComponent<OverviewAnswer>
{
    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(15);

    private IStringLocalizer<SitesText> Text => text;

    /// <summary>Address of a site's page.</summary>
    public static string Path(string siteId) => "/sites/" + Uri.EscapeDataString(siteId);

    protected override Task<OverviewAnswer> LoadAsync(CancellationToken cancellationToken) => api.OverviewAsync(cancellationToken);

    private List<OverviewSite> Shown(OverviewAnswer overview) =>
        [.. overview.Sites.Where(site => Filter is not { Length: > 0 } filter || site.Name.Contains(filter, StringComparison.CurrentCultureIgnoreCase))];

    private string State(OverviewSite site, DateTimeOffset now) => site.Devices.Count == 0 ? text["NoneYet"]
        : NotFresh(site, now) is var silent and > 0 ? text["Silent", Numbers.Count(silent)] : text["AllFresh"];

    private static Tone ToneOf(OverviewSite site, DateTimeOffset now) =>
        site.Devices.Count == 0 ? Tone.Quiet : NotFresh(site, now) > 0 ? Tone.Warn : Tone.Good;

    private static int NotFresh(OverviewSite site, DateTimeOffset now) => site.Devices.Count(device => !Freshness.Of(device.LastSeenAt, now).IsFresh);

    private async Task CreateAsync()
    {
        var usual = Data.Value?.Sites.GroupBy(site => site.TimeZone).MaxBy(zone => zone.Count())?.Key;
        if (await dialogs.AskAsync<SiteDialog, SiteItem>(text["NewSite"], new() { { dialog => dialog.TimeZone, usual ?? "" } }) is { } created)
            navigation.NavigateTo(Path(created.Id));
    }
}
