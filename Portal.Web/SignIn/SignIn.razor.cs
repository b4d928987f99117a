using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Contracts.Branding;
using Portal.ServiceDefaults.Sessions;
using Portal.Web.Api;
using Portal.Web.Shell;

namespace Portal.Web.SignIn;

/// <summary>Signs somebody in, also without scripts: the browser has to get the API's cookie, so no circuit can do it.</summary>
public sealed partial class SignIn(PortalApi api, Branding branding, SealedPassword seal, NavigationManager navigation, IStringLocalizer<SignInText> text)
    : ComponentBase
{
    private BrandingItem brand = new("");
    private SignInWays ways = new();
    private string? error;

    [CascadingParameter]
    public required HttpContext Context { get; set; }

    /// <summary>Path of this portal to go to afterwards.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Somebody comes from a page whose session ended.</summary>
    [SupplyParameterFromQuery]
    public bool Ended { get; set; }

    /// <summary>Somebody comes back from the provider, not let in: one of <see cref="ProviderRefusals"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Refused { get; set; }

    [SupplyParameterFromForm]
    public Form Input { get; set; } = default!;

    private IStringLocalizer<SignInText> Text => text;

    private bool IsPosted => HttpMethods.IsPost(Context.Request.Method);

    private string ProviderPath => "/api/auth/oidc?returnUrl=" + Uri.EscapeDataString(ReturnPath.Local(ReturnUrl));

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        brand = await branding.ReadAsync(Context.RequestAborted);
        ways = await api.SignInWaysAsync(Context.RequestAborted);
        if (Refused is not null && !IsPosted) error = text[ProviderRefusalText.KeyOf(Refused), ways.Provider ?? text["Provider"]];
    }

    private async Task SubmitAsync()
    {
        // The second step brings the password of the first one back as it was sealed then.
        if (Input.Sealed is { } carried && seal.Open(carried) is var opened)
        {
            if (opened is null) (Input.Sealed, error) = (null, text["TookTooLong"]);
            Input.Password = opened;
        }

        error ??= Missing();
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

        // Never written back into the page as it is.
        Input.Password = Input.Code = null;
    }

    private string? Missing() =>
        Blank(Input.Email) is null ? text["EmailMissing"].Value : string.IsNullOrEmpty(Input.Password) ? text["PasswordMissing"].Value : null;

    private async Task<string?> RefusalAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1);
            return text["TooMany", Math.Ceiling(wait.TotalMinutes).ToString("0", CultureInfo.InvariantCulture)];
        }

        var kind = (await Problem.ReadAsync(answer, Context.RequestAborted)).Kind;
        if (kind == ProblemKinds.TwoFactorRequired)
        {
            Input.Sealed = seal.Seal(Input.Password!);
            return null;
        }

        if (kind == ProblemKinds.PasswordsOff) return text["PasswordsOff", ways.Provider ?? text["Provider"]];
        return text[kind == ProblemKinds.InvalidCredentials ? Input.Sealed is null ? "Wrong" : "WrongCode" : "Refused"];
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    public sealed class Form
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? Code { get; set; }

        /// <summary>The password, between the two steps of a sign-in with a code.</summary>
        public string? Sealed { get; set; }
    }
}
