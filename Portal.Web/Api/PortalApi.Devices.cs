using System.Globalization;
using System.Text;
using Portal.Contracts.Devices;
using Portal.Contracts.Energy;
using Portal.Contracts.Measurements;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    public Task<DeviceItem> DeviceAsync(string id, CancellationToken cancellationToken) => GetAsync<DeviceItem>(DevicePath(id), cancellationToken);

    public Task<DeviceCreated> CreateDeviceAsync(DeviceBody device) => SendAsync<DeviceCreated>(HttpMethod.Post, "/api/devices", device, CancellationToken.None);

    public Task<DeviceItem> UpdateDeviceAsync(string id, DeviceBody device) => SendAsync<DeviceItem>(HttpMethod.Put, DevicePath(id), device, CancellationToken.None);

    public Task DeleteDeviceAsync(string id) => DoAsync(HttpMethod.Delete, DevicePath(id), null, CancellationToken.None);

    /// <summary>What a CSV file of sites and devices would do; with the plan of an earlier answer it is done.</summary>
    public Task<ImportAnswer> ImportDevicesAsync(string csv, string? plan) => SendAsync<ImportAnswer>(
        HttpMethod.Post, "/api/devices/import" + (plan is null ? "" : "?plan=" + Uri.EscapeDataString(plan)), new StringContent(csv, Encoding.UTF8, "text/csv"), CancellationToken.None);

    /// <summary>Serials that post and belong to no device, by serial.</summary>
    public Task<Listed<UnclaimedItem>> UnclaimedAsync(int most, CancellationToken cancellationToken) => ListAsync<UnclaimedItem>("/api/devices/unclaimed", most, cancellationToken);

    /// <summary>What of unclaimed devices was lost lately.</summary>
    public Task<DroppedRows> DroppedAsync(CancellationToken cancellationToken) => GetAsync<DroppedRows>("/api/devices/unclaimed/dropped", cancellationToken);

    /// <summary>Makes a device of a serial that posts already; what waited for it is admitted.</summary>
    public Task<DeviceCreated> ClaimAsync(string serial, ClaimBody claim) =>
        SendAsync<DeviceCreated>(HttpMethod.Post, $"/api/devices/unclaimed/{Uri.EscapeDataString(serial)}/claim", claim, CancellationToken.None);

    /// <summary>What a device posts and the portal doesn't know.</summary>
    public async Task<IReadOnlyList<UnknownParameterItem>> UnknownParametersAsync(string deviceId, CancellationToken cancellationToken) =>
        (await GetAsync<Portal.Contracts.Page<UnknownParameterItem>>(DevicePath(deviceId) + "/unknown-parameters", cancellationToken)).Items;

    /// <summary>Newest rows of a device, newest first.</summary>
    /// <param name="limit">1 to 1000.</param>
    public Task<MeasurementPage> MeasurementsAsync(string deviceId, int limit, CancellationToken cancellationToken) =>
        GetAsync<MeasurementPage>(string.Create(CultureInfo.InvariantCulture, $"{DevicePath(deviceId)}/measurements?limit={limit}"), cancellationToken);

    /// <summary>How complete the rows of <c>[from, to)</c> are; at most 35 days.</summary>
    public Task<QualityAnswer> QualityAsync(string deviceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        GetAsync<QualityAnswer>($"{DevicePath(deviceId)}/quality?from={Instant(from)}&to={Instant(to)}", cancellationToken);

    /// <summary>What deleting it would lose.</summary>
    public Task<HoldingsAnswer> HoldingsAsync(string deviceId, CancellationToken cancellationToken) =>
        GetAsync<HoldingsAnswer>(DevicePath(deviceId) + "/holdings", cancellationToken);

    /// <summary>Energy of a device by <c>15m</c>, <c>hour</c>, <c>day</c> or <c>month</c>.</summary>
    public Task<EnergyAnswer> DeviceEnergyAsync(string deviceId, DateTimeOffset from, DateTimeOffset to, string interval, CancellationToken cancellationToken) =>
        GetAsync<EnergyAnswer>($"/api/energy?deviceId={Uri.EscapeDataString(deviceId)}&from={Instant(from)}&to={Instant(to)}&interval={interval}", cancellationToken);

    private static string DevicePath(string id) => "/api/devices/" + Uri.EscapeDataString(id);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
