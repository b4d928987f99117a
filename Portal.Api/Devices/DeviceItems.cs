using System.Globalization;
using Portal.Contracts.Devices;
using Portal.Data;

namespace Portal.Api.Devices;

/// <summary>Devices as they are on the wire.</summary>
internal static class DeviceItems
{
    public static DeviceItem Item(this Device device) => new(
        Id(device), device.SiteId.ToString(), device.Name, device.ExternalId, device.Model, Role(device.Role), device.CreatedAt);

    public static DeviceCreated Created(this Device device, long admittedRows) => new(
        Id(device), device.SiteId.ToString(), device.Name, device.ExternalId, device.Model, Role(device.Role), device.CreatedAt, admittedRows);

    public static string Role(DeviceRole role) => role switch
    {
        DeviceRole.Main => DeviceRoles.Main,
        DeviceRole.Sub => DeviceRoles.Sub,
        DeviceRole.Generation => DeviceRoles.Generation,
        DeviceRole.Check => DeviceRoles.Check,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    /// <param name="role">As validated by the contract.</param>
    public static DeviceRole Role(string role) => role switch
    {
        DeviceRoles.Main => DeviceRole.Main,
        DeviceRoles.Sub => DeviceRole.Sub,
        DeviceRoles.Generation => DeviceRole.Generation,
        DeviceRoles.Check => DeviceRole.Check,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    private static string Id(Device device) => device.Id.ToString(CultureInfo.InvariantCulture);
}
