using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>Serials that post and belong to no device yet.</summary>
public sealed partial class UnclaimedPage(PortalApi api, Dialogs dialogs, IStringLocalizer<DevicesText> text) : DataComponent<IReadOnlyList<UnclaimedItem>>
{
    private DeviceCreated? claimed;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<DevicesText> Text => text;

    protected override Task<IReadOnlyList<UnclaimedItem>> LoadAsync(CancellationToken cancellationToken) => api.UnclaimedAsync(cancellationToken);

    private async Task ClaimAsync(UnclaimedItem item)
    {
        var created = await dialogs.AskAsync<DeviceDialog, DeviceCreated>(text["Claim"], new()
        {
            { dialog => dialog.ExternalId, item.ExternalId },
            { dialog => dialog.Claims, true },
        });
        if (created is null) return;
        claimed = created;
        await ReloadAsync();
    }
}
