using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Account;

/// <summary>One's own account: its password and its second factor.</summary>
public sealed partial class AccountPage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<AccountText> text) : DataComponent<TwoFactorItem>
{
    private bool mustSetUp;
    private string email = "";
    private string? provider;
    private string password = "";
    private string code = "";
    private TwoFactorKey? key;
    private RecoveryCodes? codes;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private IStringLocalizer<AccountText> Text => text;

    protected override async Task OnInitializedAsync()
    {
        var person = (await Authentication).User;
        (email, mustSetUp) = (person.Identity?.Name ?? "", person.IsInRole(Roles.AdminWithoutTwoFactor));
        provider = (await api.SignInWaysAsync(CancellationToken.None)).Provider;
    }

    protected override Task<TwoFactorItem> LoadAsync(CancellationToken cancellationToken) => api.TwoFactorAsync(cancellationToken);

    // Anew, since the circuit began with somebody to whom all else was closed; after the panel of the codes is gone, which would hold a browser back.
    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (!mustSetUp || codes is not null || Data.Value is not { Enabled: true }) return;
        mustSetUp = false;
        navigation.NavigateTo("/", forceLoad: true);
    }

    private Task BeginAsync() => DoAsync(async () => key = await api.NewTwoFactorKeyAsync(password));

    private Task ConfirmAsync() => DoAsync(async () =>
    {
        codes = await api.SwitchTwoFactorOnAsync(code.Trim());
        key = null;
    });

    private Task RenewCodesAsync() => DoAsync(async () => codes = await api.NewRecoveryCodesAsync(password));

    private async Task SwitchOffAsync()
    {
        if (await dialogs.ConfirmAsync(text["SwitchOffTitle"], text["SwitchOffText"], text["SwitchOff"], destroys: true))
            await DoAsync(() => api.SwitchTwoFactorOffAsync(password));
    }

    private void Forget()
    {
        form.Clear();
        key = null;
    }

    // A key that was shown stays until it is confirmed, also where a code is refused.
    private async Task DoAsync(Func<Task> change)
    {
        if (!await form.SubmitAsync(change)) return;
        (password, code) = ("", "");
        await ReloadAsync();
    }
}
