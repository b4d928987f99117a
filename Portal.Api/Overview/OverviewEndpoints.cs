using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Portal.Api.Auth;
using Portal.Api.Costs;
using Portal.Api.Devices;
using Portal.Contracts.Overview;
using Portal.Data;
using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Domain.Sites;

namespace Portal.Api.Overview;

internal static class OverviewEndpoints
{
    public static void MapOverview(this IEndpointRouteBuilder app)
    {
        var overview = app.MapGroup("/api/overview").WithTags("Overview").RequireAuthorization(Policies.SignedIn);
        overview.MapGet("/", ReadAsync);
        overview.MapGet("/past", PastAsync);
    }

    // Complete, not paged: the catalogue is bounded (SiteEndpoints.MaxSites, DeviceEndpoints.MaxDevices).
    private static async Task<Ok<OverviewAnswer>> ReadAsync(
        PortalDbContext db, OverviewQueries queries, MonthCosts costs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var sites = await db.Sites.AsNoTracking().Include(site => site.Devices).OrderBy(site => site.Name).ThenBy(site => site.Id)
            .ToListAsync(cancellationToken);
        var now = await queries.NowAsync([.. sites.SelectMany(site => site.Devices).Select(device => device.Id)], cancellationToken);

        var today = new Dictionary<Guid, EnergyInterval>();
        foreach (var clockmates in sites.GroupBy(site => site.TimeZone))
        {
            List<Site> group = [.. clockmates];
            var intervals = await queries.TodayAsync([.. group.Select(Mains)], TimeZones.Of(clockmates.Key), cancellationToken);
            for (var i = 0; i < group.Count; i++) today[group[i].Id] = intervals[i];
        }

        var month = await costs.NowAsync(cancellationToken);
        List<OverviewSite> items = [.. sites.Select(site => Item(site, today[site.Id], now) with { Cost = month.GetValueOrDefault(site.Id) })];

        return TypedResults.Ok(new OverviewAnswer(
            clock.GetUtcNow(), Sum(items.Select(site => site.PowerKw)), Sum(items.Select(site => site.EnergyTodayKwh)),
            items.Any(site => site.EnergyTodayEstimated), items));
    }

    // Apart from what is live, since a month of half-hours is read for it.
    private static async Task<Ok<OverviewPast>> PastAsync(PortalDbContext db, OverviewQueries queries, CancellationToken cancellationToken)
    {
        var sites = await db.Sites.AsNoTracking().Include(site => site.Devices).OrderBy(site => site.Name).ThenBy(site => site.Id)
            .ToListAsync(cancellationToken);
        var past = new Dictionary<Guid, OverviewSitePast>();
        foreach (var clockmates in sites.GroupBy(site => site.TimeZone))
        {
            List<Site> group = [.. clockmates];
            List<List<int>> mains = [.. group.Select(Mains)];
            var yesterday = await queries.YesterdayAsync(mains, TimeZones.Of(clockmates.Key), cancellationToken);
            var peaks = await queries.PeaksAsync(mains, TimeZones.Of(clockmates.Key), cancellationToken);
            foreach (var (index, site) in group.Index())
                past[site.Id] = new(site.Id.ToString(), site.Name, site.TimeZone, EnergyFigures.Rounded(yesterday[index].Value), yesterday[index].Estimated, EnergyFigures.Rounded(peaks[index]?.PowerKw), peaks[index]?.At);
        }

        return TypedResults.Ok(new OverviewPast([.. sites.Select(site => past[site.Id])]));
    }

    private static List<int> Mains(Site site) => [.. site.Devices.Where(device => device.Role == DeviceRole.Main).Select(device => device.Id)];

    private static OverviewSite Item(Site site, EnergyInterval today, Dictionary<int, DeviceNow> now) => new(
        site.Id.ToString(), site.Name, site.TimeZone, Sum(Mains(site).Select(id => now[id].PowerKw)), EnergyFigures.Rounded(today.Value), today.Estimated, today.Start,
        [.. site.Devices.OrderBy(device => device.Name, StringComparer.Ordinal).Select(device => Item(device, now[device.Id]))]);

    private static OverviewDevice Item(Device device, DeviceNow now) => new(
        device.Id.ToString(CultureInfo.InvariantCulture), device.Name, device.ExternalId, DeviceItems.Role(device.Role), now.LastSeenAt, EnergyFigures.Rounded(now.PowerKw));

    private static double? Sum(IEnumerable<double?> values)
    {
        var known = values.Where(value => value is not null).ToList();
        return known.Count == 0 ? null : EnergyFigures.Rounded(known.Sum());
    }
}
