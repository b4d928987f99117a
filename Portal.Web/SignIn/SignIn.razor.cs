using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Contracts.Branding;
using Portal.Web.Api;
using Portal.Web.Shell;

namespace Portal.Web.SignIn;

/// <summary>Signs somebody in, also without scripts: the browser has to get the API's cookie, so no circuit can do it.</summary>
public sealed partial class SignIn(PortalApi api, Branding branding, NavigationManager navigation, IStringLocalizer<SignInText> text) : ComponentBase
{
    private BrandingItem brand = new("");
    private string? error;
    private bool codeWanted;

    [CascadingParameter]
    public required HttpContext Context { get; set; }

    /// <summary>Path of this portal to go to afterwards.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Somebody comes from a page whose session ended.</summary>
    [SupplyParameterFromQuery]
    public bool Ended { get; set; }

    [SupplyParameterFromForm]
    public Form Input { get; set; } = default!;

    private IStringLocalizer<SignInText> Text => text;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        brand = await branding.ReadAsync(Context.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        error = Missing();
        if (error is not null) return;
        try
        {
            using var answer = await api.SignInAsync(new LoginRequest(Input.Email!.Trim(), Input.Password!, Blank(Input.Code)), Context.RequestAborted);
            if (answer.IsSuccessStatusCode)
            {
                CookieRelay.Pass(answer, Context.Response);
                navigation.NavigateTo(ReturnPath.Local(ReturnUrl));
                return;
            }

            error = await RefusalAsync(answer);
        }
        catch (ApiUnavailableException)
        {
            error = text["Unavailable"];
        }

        // Never written back into the page.
        Input.Password = "";
    }

    private string? Missing() =>
        Blank(Input.Email) is null ? text["EmailMissing"].Value : string.IsNullOrEmpty(Input.Password) ? text["PasswordMissing"].Value : null;

    private async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1);
            return text["TooMany", Math.Ceiling(wait.TotalMinutes).ToString("0", CultureInfo.InvariantCulture)];
        }

        var kind = (await Problem.ReadAsync(answer, Context.RequestAborted)).Kind;
        codeWanted = kind == ProblemKinds.TwoFactorRequired || Input.Code is not null;
        return text[kind switch { ProblemKinds.TwoFactorRequired => "CodeWanted", ProblemKinds.InvalidCredentials => "Wrong", _ => "Refused" }];
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    public sealed class Form
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? Code { get; set; }
    }
}
