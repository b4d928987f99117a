using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Sites;

namespace Portal.Api.Energy;

/// <summary>Whose energy is asked for: the meters that are added up, and the clock of their site.</summary>
internal sealed record EnergySource(IReadOnlyList<int> DeviceIds, TimeZoneInfo Zone);

internal sealed class EnergySources(PortalDbContext db)
{
    /// <summary>A site's main meters: sub-meters would count twice.</summary>
    /// <returns>Null where there is no such site.</returns>
    public async Task<EnergySource?> OfSiteAsync(string siteId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(siteId, out var id)) return null;
        var site = await db.Sites.Where(s => s.Id == id)
            .Select(s => new { s.TimeZone, Mains = s.Devices.Where(device => device.Role == DeviceRole.Main).Select(device => device.Id).ToList() })
            .FirstOrDefaultAsync(cancellationToken);
        return site is null ? null : new EnergySource(site.Mains, TimeZones.Of(site.TimeZone));
    }

    /// <summary>One device, whatever its role.</summary>
    /// <returns>Null where there is no such device.</returns>
    public async Task<EnergySource?> OfDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        if (!int.TryParse(deviceId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        var zone = await db.Devices.Where(device => device.Id == id).Select(device => device.Site!.TimeZone).FirstOrDefaultAsync(cancellationToken);
        return zone is null ? null : new EnergySource([id], TimeZones.Of(zone));
    }
}
