using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>A tariff as a file: chosen or typed, checked with every fault at its line, and taken over.</summary>
public sealed partial class ImportPage(PortalApi api, FormState form, NavigationManager navigation, IStringLocalizer<RatesText> texts) : DataComponent<string>
{
    private const long MaxBytes = 1 << 20;

    private string? text;
    private TariffImported? done;

    /// <summary>A tariff to begin with; null: an empty file.</summary>
    [SupplyParameterFromQuery]
    public string? Tariff { get; set; }

    protected override object Question => Tariff ?? "";

    private IStringLocalizer<RatesText> Text => texts;

    protected override async Task<string> LoadAsync(CancellationToken cancellationToken) => Tariff is null ? "" : await api.TariffFileAsync(Tariff, cancellationToken);

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        text ??= Data.Value;
    }

    private async Task ReadAsync(InputFileChangeEventArgs chosen)
    {
        form.Clear();
        done = null;
        if (chosen.File.Size > MaxBytes)
        {
            form.Add("upload", texts["FileTooLarge"]);
            return;
        }

        using var reader = new StreamReader(chosen.File.OpenReadStream(MaxBytes));
        text = await reader.ReadToEndAsync();
    }

    private async Task SendAsync(bool check)
    {
        done = null;
        TariffImported? answer = null;
        if (!await form.SubmitAsync(async () => answer = await api.ImportTariffAsync(text ?? "", check, CancellationToken.None))) return;
        if (check) done = answer;
        else navigation.NavigateTo($"/rates/{answer!.TariffId}");
    }
}
