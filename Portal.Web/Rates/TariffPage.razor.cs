using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>One tariff: its versions with their prices, and the clocks they follow.</summary>
public sealed partial class TariffPage(PortalApi api, Dialogs dialogs, FormState form, NavigationManager navigation, IStringLocalizer<RatesText> text) : DataComponent<TariffDetail>
{
    [Parameter]
    public required string Id { get; set; }

    protected override object Question => Id;

    private IStringLocalizer<RatesText> Text => text;

    protected override Task<TariffDetail> LoadAsync(CancellationToken cancellationToken) => api.TariffAsync(Id, cancellationToken);

    private string Days(TariffVersionItem version) =>
        version.To is { } to ? text["ValidFromTo", Money.Day(version.From), Money.Day(to.AddDays(-1))] : text["ValidFrom", Money.Day(version.From)];

    private async Task ApproveAsync(TariffVersionItem version)
    {
        if (await dialogs.ConfirmAsync(text["ApproveTitle", Days(version)], text["ApproveText"], text["Approve"])
            && await form.SubmitAsync(() => api.ApproveVersionAsync(Id, version.Id, CancellationToken.None))) await ReloadAsync();
    }

    private async Task WithdrawAsync(TariffVersionItem version)
    {
        if (await dialogs.ConfirmAsync(text["WithdrawTitle", Days(version)], text["WithdrawText"], text["Withdraw"], destroys: true)
            && await form.SubmitAsync(() => api.WithdrawVersionAsync(Id, version.Id, CancellationToken.None))) await ReloadAsync();
    }

    private async Task DeleteAsync(TariffVersionItem version)
    {
        if (await dialogs.ConfirmAsync(text["DeleteVersionTitle", Days(version)], text["DeleteVersionText"], text["Delete"], destroys: true)
            && await form.SubmitAsync(() => api.DeleteVersionAsync(Id, version.Id, CancellationToken.None))) await ReloadAsync();
    }

    private async Task DeleteAsync()
    {
        if (await dialogs.ConfirmAsync(text["DeleteTariffTitle", Data.Value!.Name], text["DeleteTariffText"], text["Delete"], destroys: true)
            && await form.SubmitAsync(() => api.DeleteTariffAsync(Id, CancellationToken.None))) navigation.NavigateTo("/rates");
    }
}
