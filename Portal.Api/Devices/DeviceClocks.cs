using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Connection;
using Portal.Domain.Sites;

namespace Portal.Api.Devices;

/// <summary>A device and the clock of its site.</summary>
internal sealed record DeviceClock(int Id, TimeZoneInfo Zone);

internal sealed class DeviceClocks(PortalDbContext db)
{
    /// <returns>Null where there is no such device.</returns>
    public async Task<DeviceClock?> FindAsync(int id, CancellationToken cancellationToken)
    {
        var zone = await db.Devices.Where(device => device.Id == id).Select(device => device.Site!.TimeZone).Prepared().FirstOrDefaultAsync(cancellationToken);
        return zone is null ? null : new DeviceClock(id, TimeZones.Of(zone));
    }
}
