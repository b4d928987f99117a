using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Contracts.Sites;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>A device and its site, whose clock it goes by.</summary>
public sealed record DeviceAtSite(DeviceItem Device, SiteItem Site);

/// <summary>One device: its newest values, curves, energy, and how good its data is.</summary>
public sealed partial class DevicePage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<DevicesText> text) : DataComponent<DeviceAtSite>
{
    private PageTab[] tabs = [];

    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    protected override object Question => Id;

    private IStringLocalizer<DevicesText> Text => text;

    private TimeZoneInfo Zone => SiteTime.Zone(Data.Value?.Site.TimeZone ?? "UTC");

    protected override void OnInitialized() =>
        tabs = [new("now", text["TabNow"]), new("curves", text["TabCurves"]), new("energy", text["TabEnergy"]), new("quality", text["TabQuality"])];

    protected override async Task<DeviceAtSite> LoadAsync(CancellationToken cancellationToken)
    {
        var device = await api.DeviceAsync(Id, cancellationToken);
        return new DeviceAtSite(device, await api.SiteAsync(device.SiteId, cancellationToken));
    }

    private async Task EditAsync()
    {
        var device = Data.Value!.Device;
        var changed = await dialogs.AskAsync<DeviceDialog, DeviceItem>(text["EditDevice"], new()
        {
            { dialog => dialog.Id, device.Id },
            { dialog => dialog.SiteId, device.SiteId },
            { dialog => dialog.ExternalId, device.ExternalId },
            { dialog => dialog.Name, device.Name },
            { dialog => dialog.Model, device.Model ?? "" },
            { dialog => dialog.Role, device.Role },
        });
        if (changed is not null) await ReloadAsync();
    }

    private async Task DeleteAsync()
    {
        var device = Data.Value!.Device;
        var lost = "";
        if (await form.SubmitAsync(async () => lost = await LossAsync(device))
            && await dialogs.ConfirmAsync(text["DeleteTitle", device.Name], lost, text["Delete"], destroys: true, type: device.ExternalId)
            && await form.SubmitAsync(() => api.DeleteDeviceAsync(device.Id)))
            navigation.NavigateTo("/devices");
    }

    private async Task<string> LossAsync(DeviceItem device)
    {
        var held = await api.HoldingsAsync(device.Id, CancellationToken.None);
        return held is { Rows: > 0, First: { } first, Last: { } last }
            ? text.Count("DeleteRows", held.Rows, device.Name, SiteTime.Exact(first, Zone), SiteTime.Exact(last, Zone), SiteTime.Place(Zone))
            : text["DeleteNothing"];
    }
}
