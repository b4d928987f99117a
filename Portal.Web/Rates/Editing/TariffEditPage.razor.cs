using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Rates.Editing;

/// <summary>A tariff as it is loaded to be edited.</summary>
/// <param name="File">JSON.</param>
/// <param name="Approved">First days of versions that never change.</param>
public sealed record EditedTariff(string Name, string File, IReadOnlyList<DateOnly> Approved);

/// <summary>Edits a tariff's draft, or makes a new one, without knowing its file's form. It is saved the way a file is taken over, so all faults come at once, each beside its field.</summary>
public sealed partial class TariffEditPage(PortalApi api, FormState form, NavigationManager navigation, IStringLocalizer<RatesText> texts) : DataComponent<EditedTariff>
{
    private static readonly Dictionary<string, string[]> Words = new() { ["per"] = ["day", "month", "kva", "ampere"], ["unit"] = ["kva", "kw"] };

    private TariffDraft? draft;
    private int version;

    /// <summary>The tariff; null: a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    protected override object Question => Id ?? "";

    private IStringLocalizer<RatesText> Text => texts;

    private JsonObject Version => (JsonObject)draft!.Versions[version]!;

    private string Path => FormattableString.Invariant($"versions[{version}]");

    private bool IsApproved => DateOnly.TryParse(TariffDraft.Show(Version, "from"), System.Globalization.CultureInfo.InvariantCulture, out var from) && Data.Value!.Approved.Contains(from);

    protected override async Task<EditedTariff> LoadAsync(CancellationToken cancellationToken)
    {
        if (Id is null) return new EditedTariff("", "", []);
        var file = api.TariffJsonAsync(Id, cancellationToken);
        var tariff = await api.TariffAsync(Id, cancellationToken);
        return new EditedTariff(tariff.Name, await file, [.. tariff.Versions.Where(known => known.State == VersionStates.Approved).Select(known => known.From)]);
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (draft is not null || Data.Value is not { } tariff) return;
        draft = tariff.File.Length == 0 ? TariffDraft.Empty() : TariffDraft.Parse(tariff.File);
        version = draft.Versions.Count - 1;
    }

    private string VersionName(int index) => TariffDraft.Show((JsonObject)draft!.Versions[index]!, "from") is { Length: > 0 } from ? texts["ValidFrom", from] : texts["NewVersionName"];

    private void AddVersion() => version = draft!.AddVersion(version);

    private void AddClock() =>
        draft!.AddClock(version, Data.Value!.Name is { Length: > 0 } name ? name : TariffDraft.Show(draft.Root, "name") is { Length: > 0 } typed ? typed : texts["ClockHead"]);

    private void SetEnd(string typed)
    {
        if (string.IsNullOrWhiteSpace(typed)) Version.Remove("to");
        else TariffDraft.Set(Version, "to", typed);
    }

    private string Label(DraftNumber number) => (number.For, number.Field) switch
    {
        ("", "price") => texts["Price"],
        ("", _) => texts[FieldWord(number.Field)],
        (_, "price") => number.For,
        _ => $"{number.For} · {texts[FieldWord(number.Field)]}",
    };

    private static string FieldWord(string field) => field switch
    {
        "percent" => "FieldPercent",
        "upTo" => "FieldUpTo",
        "free" => "FieldFree",
        "minimum" => "FieldMinimum",
        "freePercent" => "FieldFreePercent",
        "months" => "FieldMonths",
        "ratchetPercent" => "FieldRatchet",
        "per" => "FieldPer",
        "unit" => "FieldUnit",
        _ => "Price",
    };

    private static IEnumerable<(string Field, List<(string Value, string Word)> Choices)> ChoicesOf(JsonObject component) =>
        Words.Where(words => component[words.Key] is not null).Select(words => (words.Key, words.Value.Select(word => (word, word)).ToList()));

    private async Task SaveAsync()
    {
        TariffImported? answer = null;
        if (await form.SubmitAsync(async () => answer = await ImportAsync())) navigation.NavigateTo($"/rates/{answer!.TariffId}");
    }

    // The file's lines say nothing to somebody who sees a form.
    private async Task<TariffImported> ImportAsync()
    {
        try
        {
            return await api.ImportTariffAsync(draft!.Text, check: false, CancellationToken.None);
        }
        catch (ApiRefusedException refusal)
        {
            var errors = refusal.Problem.Errors.ToDictionary(error => error.Key, error => (IReadOnlyList<string>)[.. error.Value.Select(line => Line().Replace(line, ""))]);
            throw new ApiRefusedException(refusal.Status, refusal.Problem with { Errors = errors });
        }
    }

    [GeneratedRegex(@"^Line \d+: ")]
    private static partial Regex Line();
}
