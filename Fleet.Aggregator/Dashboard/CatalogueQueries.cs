using Fleet.Aggregator.Catalogue;
using Fleet.Aggregator.Storage;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Dashboard;

/// <summary>A customer's sites and devices: the first of them with its page, all of them page by page.</summary>
internal sealed class CatalogueQueries(FleetDbContext fleet)
{
    /// <summary>Most of one answer.</summary>
    public const int PageSize = 1_000;

    /// <summary>By name.</summary>
    public Task<List<FleetSite>> FirstSitesAsync(int customerId, CancellationToken cancellationToken) =>
        Views(fleet.Sites.Where(site => site.CustomerId == customerId).OrderBy(site => site.Name).ThenBy(site => site.Id).Take(PageSize)).ToListAsync(cancellationToken);

    public Task<int> CountSitesAsync(int customerId, CancellationToken cancellationToken) => fleet.Sites.CountAsync(site => site.CustomerId == customerId, cancellationToken);

    /// <summary>The silent ones first, then by name.</summary>
    public Task<List<FleetDevice>> FirstDevicesAsync(int customerId, CancellationToken cancellationToken) =>
        Views(Live(customerId).OrderBy(device => device.SilenceId == null).ThenBy(device => device.Name).ThenBy(device => device.Id).Take(PageSize)).ToListAsync(cancellationToken);

    /// <summary>By their keys, which is the order in which they came.</summary>
    /// <param name="after">Key of the last one of the page before; 0 for the first page.</param>
    public async Task<Page<FleetSite>> SitesAsync(int customerId, long after, CancellationToken cancellationToken) =>
        KeyCursor.Cut(
            await Views(fleet.Sites.Where(site => site.CustomerId == customerId && site.Id > after).OrderBy(site => site.Id).Take(PageSize + 1)).ToListAsync(cancellationToken),
            PageSize,
            site => site.Id
        );

    /// <inheritdoc cref="SitesAsync"/>
    public async Task<Page<FleetDevice>> DevicesAsync(int customerId, long after, CancellationToken cancellationToken) =>
        KeyCursor.Cut(
            await Views(Live(customerId).Where(device => device.Id > after).OrderBy(device => device.Id).Take(PageSize + 1)).ToListAsync(cancellationToken),
            PageSize,
            device => device.Id
        );

    private IQueryable<Device> Live(int customerId) => fleet.Devices.Where(device => device.CustomerId == customerId && device.DeletedAt == null);

    private IQueryable<FleetSite> Views(IQueryable<Site> sites) =>
        sites.Select(site => new FleetSite(
            site.Id,
            site.ExternalId,
            site.Name,
            site.TimeZone,
            fleet.Devices.Count(device => device.CustomerId == site.CustomerId && device.SiteId == site.Id && device.DeletedAt == null)
        ));

    private IQueryable<FleetDevice> Views(IQueryable<Device> devices) =>
        devices.Select(device => new FleetDevice(
            device.Id,
            device.ExternalId,
            device.SiteId,
            fleet.Sites.Where(site => site.CustomerId == device.CustomerId && site.Id == device.SiteId).Select(site => site.Name).FirstOrDefault(),
            device.Name,
            device.Model,
            device.Role,
            device.LastTime,
            device.CadenceSamples >= Aggregator.Silences.Cadence.Known ? device.CadenceSeconds : null,
            device.SilenceId != null
        ));
}
