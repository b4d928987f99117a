using Microsoft.Extensions.Localization;
using Portal.Contracts.Overview;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Start;

/// <summary>A customer's start page: power now, energy today, devices with the age of what they sent.</summary>
public sealed partial class CustomerStart(PortalApi api, IStringLocalizer<StartText> text) : DataComponent<OverviewAnswer>
{
    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<StartText> Text => text;

    private List<OverviewDevice> Devices => [.. Data.Value!.Sites.SelectMany(site => site.Devices)];

    // Stale first of all: nobody has to look for what is broken at seven in the morning.
    private const int MostSilent = 12;

    private List<OverviewDevice> Silent => [.. Devices.Where(device => Freshness.Of(device.LastSeenAt, Data.Value!.At).IsStale).OrderBy(device => device.LastSeenAt)];

    private Freshness Newest => Freshness.Of(Devices.Max(device => device.LastSeenAt), Data.Value!.At);

    private string Subtitle
    {
        get
        {
            var zones = Data.Value!.Sites.Select(site => site.TimeZone).Distinct().Select(SiteTime.Zone).ToList();
            return zones.Count switch
            {
                0 => "",
                1 => text["AllSites", SiteTime.Day(Data.Value.Sites[0].DayStart, zones[0]), SiteTime.Place(zones[0])],
                _ => text["AllSitesZones"],
            };
        }
    }

    private string PowerNote =>
        Data.Value!.Sites.Count(site => site.PowerKw is null) is var silent and > 0
            ? text.Count("PowerWithout", Data.Value.Sites.Count, Numbers.Count(silent))
            : text["PowerSum"];

    private string DevicesNote =>
        Devices.Count(device => !Freshness.Of(device.LastSeenAt, Data.Value!.At).IsFresh) is var notFresh and > 0
            ? text["NotFresh", Numbers.Count(notFresh)]
            : text["AllFresh"];

    protected override Task<OverviewAnswer> LoadAsync(CancellationToken cancellationToken) => api.OverviewAsync(cancellationToken);
}
