using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Branding;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.Shell;
using Portal.Web.States;
using Portal.Web.Theme;

namespace Portal.Web.Settings;

/// <summary>Name, colour and logo. The page is loaded anew once they are changed, since its frame wears them too.</summary>
public sealed partial class BrandingPage(
    PortalApi api, Branding branding, Dialogs dialogs, FormState form, FormState logoForm, NavigationManager navigation, IStringLocalizer<SettingsText> text)
    : DataComponent<BrandingItem>
{
    private string name = "";
    private bool ownColour;
    private string colour = BrandColours.Default.Brand.Light;
    private string code = BrandColours.Default.Brand.Light;
    private int uploads;

    private IStringLocalizer<SettingsText> Text => text;

    protected override Task<BrandingItem> LoadAsync(CancellationToken cancellationToken) => api.BrandingAsync(cancellationToken);

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Data.Value is not { } now) return;
        name = now.Name;
        ownColour = now.Colour is not null;
        code = colour = now.Colour ?? colour;
    }

    // As brand guides have it, with # or without. What is none stays in its field, and the colour as it was.
    private void TakeColour(string typed)
    {
        form.Clear();
        code = typed.Trim();
        if (code is not ['#', ..]) code = "#" + code;
        if (Colour.TryParse(code, out var known)) code = colour = known.ToString();
        else form.Add("code", text["NoColour"]);
    }

    private async Task SaveAsync()
    {
        if (ownColour && code != colour) return; // what is wrong stands beside the field
        await ChangeAsync(form, () => api.ChangeBrandingAsync(new BrandingRequest(name.Trim(), ownColour ? colour : null)));
    }

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        logoForm.Clear();
        if (chosen.File.Size > BrandingRules.MaxLogoBytes)
        {
            logoForm.Add("logo", text["LogoTooLarge", chosen.File.Name]);
            uploads++;
            return;
        }

        using var image = new MemoryStream();
        await using (var file = chosen.File.OpenReadStream(BrandingRules.MaxLogoBytes)) await file.CopyToAsync(image);
        uploads++; // not before: the file is read through its element
        var type = chosen.File.ContentType is { Length: > 0 } said ? said : "application/octet-stream";
        await ChangeAsync(logoForm, () => api.ChangeLogoAsync(image.ToArray(), type));
    }

    private async Task RemoveAsync()
    {
        if (await dialogs.ConfirmAsync(text["RemoveLogoTitle"], text["RemoveLogoText"], text["RemoveLogo"], destroys: true)) await ChangeAsync(logoForm, api.RemoveLogoAsync);
    }

    private async Task ChangeAsync(FormState asked, Func<Task> change)
    {
        if (!await asked.SubmitAsync(change)) return;
        branding.Forget();
        navigation.Refresh(forceReload: true);
    }
}
