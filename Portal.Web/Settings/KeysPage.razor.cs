using Microsoft.Extensions.Localization;
using Portal.Contracts.IngestKeys;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Settings;

/// <summary>The keys that meters post with.</summary>
public sealed partial class KeysPage(PortalApi api, Dialogs dialogs, FormState form, IStringLocalizer<SettingsText> text) : ListComponent<IngestKeyItem>
{
    private IngestKeyCreated? made;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    private IStringLocalizer<SettingsText> Text => text;

    protected override Task<Listed<IngestKeyItem>> ListAsync(int most, CancellationToken cancellationToken) => api.IngestKeysAsync(most, cancellationToken);

    private async Task CreateAsync()
    {
        if (await dialogs.AskAsync<KeyDialog, IngestKeyCreated>(text["NewKey"]) is not { } created) return;
        made = created;
        await ReloadAsync();
    }

    private async Task RevokeAsync(IngestKeyItem key)
    {
        if (await dialogs.ConfirmAsync(text["RevokeTitle", key.Name], text["RevokeText"], text["Revoke"], destroys: true)
            && await form.SubmitAsync(() => api.RevokeIngestKeyAsync(key.Id)))
            await ReloadAsync();
    }
}
