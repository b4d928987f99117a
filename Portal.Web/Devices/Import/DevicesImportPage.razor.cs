using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Devices;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Devices.Import;

/// <summary>Sites and devices from a file: shown line by line with everything that is wrong, then done as a whole.</summary>
public sealed partial class DevicesImportPage(PortalApi api, FormState form, IStringLocalizer<DevicesText> text) : ComponentBase
{
    private const long MaxBytes = 1 << 20;
    private const string Example = "site,time zone,device,serial,role,model\nNorth plant,Africa/Johannesburg,Intake,AN12345,main,Acuvim II";

    private string csv = "";
    private int uploads;
    private ImportAnswer? preview;

    private IStringLocalizer<DevicesText> Text => text;

    // What has to be looked at comes first.
    private List<ImportLine> Shown => [.. preview!.Lines.OrderBy(line => line.Effect == ImportEffects.Fails ? 0 : 1).ThenBy(line => line.Number)];

    private async Task ReadAsync(InputFileChangeEventArgs chosen)
    {
        form.Clear();
        if (chosen.File.Size > MaxBytes)
        {
            form.Add("upload", text["CsvTooLarge"]);
            uploads++;
            return;
        }

        using var reader = new StreamReader(chosen.File.OpenReadStream(MaxBytes));
        csv = await reader.ReadToEndAsync();
        uploads++; // not before: the file is read through its element
        await PreviewAsync();
    }

    private async Task PreviewAsync()
    {
        preview = null;
        await form.SubmitAsync(async () => preview = await api.ImportDevicesAsync(csv, plan: null));
    }

    // What was typed since is not what was previewed, and refused.
    private Task<bool> ApplyAsync() => form.SubmitAsync(async () => preview = await api.ImportDevicesAsync(csv, preview!.Plan));

    private string Count(string effect) => Numbers.Count(preview!.Lines.Count(line => line.Effect == effect));

    private static string Cell(string cell) => cell.Length == 0 ? Numbers.Unknown : cell;

    private (string Word, Tone Tone) State(ImportLine line) => line.Effect switch
    {
        ImportEffects.Fails => (text["EffectFails"], Tone.Bad),
        ImportEffects.Nothing => (text["EffectNothing"], Tone.Quiet),
        ImportEffects.Changes => (text["EffectChanges"], Tone.Warn),
        _ => (text["EffectCreates"], Tone.Good),
    };
}
