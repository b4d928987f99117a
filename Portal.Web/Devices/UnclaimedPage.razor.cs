using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>What waits, and what was lost lately because it waited too long or had no room.</summary>
public sealed record Unclaimed(Listed<UnclaimedItem> Waiting, DroppedRows Dropped);

/// <summary>Serials that post and belong to no device yet.</summary>
public sealed partial class UnclaimedPage(PortalApi api, Dialogs dialogs, IStringLocalizer<DevicesText> text) : DataComponent<Unclaimed>
{
    // More wait only where somebody posts made-up serials.
    private const int Step = 2_000;

    private DeviceCreated? claimed;
    private int most = Step;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

    private IStringLocalizer<DevicesText> Text => text;

    protected override async Task<Unclaimed> LoadAsync(CancellationToken cancellationToken)
    {
        var waiting = api.UnclaimedAsync(most, cancellationToken);
        var dropped = api.DroppedAsync(cancellationToken);
        await Task.WhenAll(waiting, dropped);
        return new Unclaimed(await waiting, await dropped);
    }

    private Task MoreAsync()
    {
        most += Step;
        return ReloadAsync();
    }

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
