using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Overview;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Start;

/// <summary>What today is compared with: yesterday up to this time of day, and the month's peak demand.</summary>
public sealed partial class StartPast(PortalApi api, IStringLocalizer<StartText> text) : DataComponent<OverviewPast>
{
    /// <summary>All sites' energy since midnight, kWh.</summary>
    [Parameter, EditorRequired]
    public double? TodayKwh { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromMinutes(1);

    private IStringLocalizer<StartText> Text => text;

    private double? Yesterday => Data.Value?.Sites.Where(site => site.YesterdayKwh is not null).ToList() is { Count: > 0 } known ? known.Sum(site => site.YesterdayKwh) : null;

    private OverviewSitePast? Highest => Data.Value?.Sites.Where(site => site.PeakKw is not null).MaxBy(site => site.PeakKw);

    private string YesterdayNote
    {
        get
        {
            if (Yesterday is not > 0 || TodayKwh is not { } today) return text["NotComparable"];
            var share = today / Yesterday.Value - 1;
            var percent = Math.Abs(share * 100).ToString(Math.Abs(share) < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture);
            return text[share >= 0 ? "TodayMore" : "TodayLess", percent];
        }
    }

    private string PeakNote => Highest is { PeakAt: { } at } site
        ? text["PeakNote", SiteTime.Minute(at, SiteTime.Zone(site.TimeZone)), site.Name]
        : text["PeakUnknown"];

    protected override Task<OverviewPast> LoadAsync(CancellationToken cancellationToken) => api.OverviewPastAsync(cancellationToken);
}
