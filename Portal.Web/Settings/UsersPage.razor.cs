using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Users;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Settings;

/// <summary>Who may sign in, and as what.</summary>
public sealed partial class UsersPage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<SettingsText> text)
    : ListComponent<UserItem>
{
    private string self = "";
    private string? provider;
    private NewUser? link;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(30);

    private IStringLocalizer<SettingsText> Text => text;

    protected override async Task OnInitializedAsync()
    {
        self = (await Authentication).User.Identity?.Name ?? "";
        provider = (await api.SignInWaysAsync(CancellationToken.None)).Provider;
    }

    protected override Task<Listed<UserItem>> ListAsync(int most, CancellationToken cancellationToken) => api.UsersAsync(most, cancellationToken);

    private bool IsSelf(UserItem user) => user.Email.Equals(self, StringComparison.OrdinalIgnoreCase);

    private (string Word, Tone Tone) State(UserItem user) =>
        !user.Active ? (text["Off"], Tone.Quiet)
        : user.HasPassword || user.Connected ? (text["Active"], Tone.Good)
        : (text[user.LinkExpiresAt is not null ? "Invited" : provider is null ? "NotInvited" : "Awaited"], Tone.Warn);

    private string WayOf(UserItem user) => user switch
    {
        { HasPassword: true, Connected: true } => text["WayBoth", provider!],
        { HasPassword: true } => text["WayPassword"],
        { Connected: true } => provider!,
        _ => Numbers.Unknown,
    };

    private string Seen(UserItem user) => user.LastSeenAt is { } seen ? text["Ago", Numbers.Age(Data.At!.Value - seen)] : Numbers.Unknown;

    private async Task CreateAsync()
    {
        if (await dialogs.AskAsync<UserDialog, NewUser>(text["NewUser"], new() { { dialog => dialog.Provider, provider } }) is not { } made) return;
        link = made.Link is null ? null : made;
        await ReloadAsync();
    }

    private async Task LinkAsync(UserItem user)
    {
        if (user.LinkExpiresAt is not null && !await dialogs.ConfirmAsync(text["NewLinkTitle", user.Email], text["NewLinkText"], text["NewLink"])) return;
        await DoAsync(async () => link = new NewUser(user, await api.CreateLinkAsync(user.Id)));
    }

    private async Task SendToProviderAsync(UserItem user)
    {
        if (await dialogs.ConfirmAsync(text["ToProviderTitle", user.Email, provider!], text["ToProviderText", provider!], text["ToProvider", provider!], destroys: true))
            await DoAsync(() => api.SendToProviderAsync(user.Id));
    }

    private async Task ResetTwoFactorAsync(UserItem user)
    {
        if (await dialogs.ConfirmAsync(text["ResetTwoFactorTitle", user.Email], text["ResetTwoFactorText"], text["ResetTwoFactor"], destroys: true))
            await DoAsync(() => api.ResetTwoFactorAsync(user.Id));
    }

    private async Task SwitchRoleAsync(UserItem user)
    {
        var isAdmin = user.Role == Roles.Admin;
        // Nobody can take that back by themselves.
        if (isAdmin && IsSelf(user) && !await dialogs.ConfirmAsync(text["GiveUpTitle"], text["GiveUpText"], text["MakeViewer"], destroys: true)) return;
        await DoAsync(() => api.UpdateUserAsync(user.Id, new UserUpdateRequest(isAdmin ? Roles.Viewer : Roles.Admin, user.Active)));
    }

    private async Task SwitchAsync(UserItem user)
    {
        if (!user.Active || await dialogs.ConfirmAsync(text["DisableTitle", user.Email], text["DisableText"], text["Disable"], destroys: true))
            await DoAsync(() => api.UpdateUserAsync(user.Id, new UserUpdateRequest(user.Role, !user.Active)));
    }

    private async Task ResetAsync(UserItem user)
    {
        if (await dialogs.AskAsync<PasswordDialog, UserItem>(text["ResetTitle", user.Email], new() { { dialog => dialog.User, user } }) is not null) await ReloadAsync();
    }

    private async Task DeleteAsync(UserItem user)
    {
        if (await dialogs.ConfirmAsync(text["DeleteUserTitle", user.Email], text["DeleteUserText"], text["Delete"], destroys: true))
            await DoAsync(() => api.DeleteUserAsync(user.Id));
    }

    private async Task DoAsync(Func<Task> change)
    {
        if (await form.SubmitAsync(change)) await ReloadAsync();
    }
}
