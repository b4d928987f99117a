using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api.Devices;

/// <summary>A device as the audit trail tells of it: with the name that its site had then, since both may be renamed or gone when somebody reads it.</summary>
internal sealed record AuditedDevice(string Name, string Serial, string Site, Guid SiteId, string? Model, string Role)
{
    public static AuditedDevice Of(Device device, string site) => new(device.Name, device.ExternalId, site, device.SiteId, device.Model, DeviceItems.Role(device.Role));

    /// <returns>Null where there is no such site.</returns>
    public static async Task<AuditedDevice?> FindAsync(PortalDbContext db, Device device, CancellationToken cancellationToken) =>
        await db.Sites.Where(site => site.Id == device.SiteId).Select(site => site.Name).FirstOrDefaultAsync(cancellationToken) is { } site ? Of(device, site) : null;
}
