using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Contracts.Overview;
using Portal.Web.Api;
using Portal.Web.Devices;
using Portal.Web.Forms;
using Portal.Web.Navigation;
using Portal.Web.States;

namespace Portal.Web.Connect;

/// <summary>What is known of the meter that is to be connected.</summary>
/// <param name="Device">The device with this serial; null: there is none yet.</param>
/// <param name="TimeZone">IANA name of its site's zone.</param>
/// <param name="Waiting">All serials that post and belong to no device.</param>
public sealed record MeterToConnect(OverviewDevice? Device, string TimeZone, bool HasSites, IReadOnlyList<UnclaimedItem> Waiting);

/// <summary>From a serial to the first post: the values for the module's web page, and what it then posts.</summary>
public sealed partial class ConnectPage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<ConnectText> text) : DataComponent<MeterToConnect>
{
    // As many as somebody looks through for a serial that they have before them.
    private const int MostWaiting = 2_000;

    private string typed = "";

    [SupplyParameterFromQuery]
    public string? Serial { get; set; }

    protected override object? Question => Serial;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(5);

    private IStringLocalizer<ConnectText> Text => text;

    private UnclaimedItem? Waiting => Data.Value!.Waiting.FirstOrDefault(item => item.ExternalId == Serial);

    protected override async Task<MeterToConnect> LoadAsync(CancellationToken cancellationToken)
    {
        var waiting = api.UnclaimedAsync(MostWaiting, cancellationToken);
        var overview = await api.OverviewAsync(cancellationToken);
        var (site, device) = overview.Sites.SelectMany(site => site.Devices, (site, device) => (site, device)).FirstOrDefault(found => found.device.ExternalId == Serial);
        return new MeterToConnect(device, site?.TimeZone ?? "UTC", overview.Sites.Count > 0, (await waiting).Items);
    }

    private static string Link(string serial) => "/connect?serial=" + Uri.EscapeDataString(serial);

    private void Go()
    {
        form.Clear();
        if (typed.Trim() is { Length: > 0 } serial) navigation.GoTo(("serial", serial));
        else form.Add("externalId", text["SerialMissing"]);
    }

    private async Task AddAsync()
    {
        var created = await dialogs.AskAsync<DeviceDialog, DeviceCreated>(text["AddDevice"], new()
        {
            { dialog => dialog.ExternalId, Serial },
            { dialog => dialog.Claims, Waiting is not null },
        });
        if (created is not null) await ReloadAsync();
    }
}
