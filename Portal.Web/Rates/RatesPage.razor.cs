using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>The tariffs of the stack, and those that come with the portal.</summary>
public sealed partial class RatesPage(PortalApi api, FormState form, NavigationManager navigation, IStringLocalizer<RatesText> text) : DataComponent<RatesOverview>
{
    private IStringLocalizer<RatesText> Text => text;

    protected override async Task<RatesOverview> LoadAsync(CancellationToken cancellationToken) =>
        new(await api.TariffsAsync(cancellationToken), await api.ShippedTariffsAsync(cancellationToken));

    private async Task AddAsync(ShippedTariffItem tariff)
    {
        TariffImported? imported = null;
        if (await form.SubmitAsync(async () => imported = await api.ImportShippedAsync(tariff.Key, CancellationToken.None))) navigation.NavigateTo($"/rates/{imported!.TariffId}");
    }
}
