using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Rates;
using Portal.Domain.Sites;

namespace Portal.Api.Costs;

/// <summary>A site as bills see it: its clock, its main meters and what applies to it.</summary>
internal sealed record BilledSite(Guid Id, TimeZoneInfo Zone, IReadOnlyList<int> Mains, SiteRates Rates);

internal sealed class BilledSites(PortalDbContext db, SiteRatesQueries rates)
{
    /// <returns>Null where there is no such site.</returns>
    public async Task<BilledSite?> OneAsync(string? siteId, CancellationToken cancellationToken) =>
        Guid.TryParse(siteId, out var id) ? (await ManyAsync(db.Sites.Where(site => site.Id == id), cancellationToken)).FirstOrDefault() : null;

    /// <summary>Those that have a tariff assigned, whenever.</summary>
    public Task<List<BilledSite>> AssignedAsync(CancellationToken cancellationToken) =>
        ManyAsync(db.Sites.Where(site => db.TariffAssignments.Any(a => a.SiteId == site.Id)), cancellationToken);

    private async Task<List<BilledSite>> ManyAsync(IQueryable<Site> query, CancellationToken cancellationToken)
    {
        var sites = await query
            .Select(s => new { s.Id, s.TimeZone, Mains = s.Devices.Where(device => device.Role == DeviceRole.Main).Select(device => device.Id).ToList() })
            .ToListAsync(cancellationToken);
        var applied = await rates.OfSitesAsync([.. sites.Select(site => site.Id)], cancellationToken);
        return [.. sites.Select(s => new BilledSite(s.Id, TimeZones.Of(s.TimeZone), s.Mains, applied.GetValueOrDefault(s.Id, SiteRates.None)))];
    }
}
