using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Web.Api;
using Portal.Web.Layout;

namespace Portal.Web.SignIn;

public sealed partial class SignIn(PortalApi api, Branding branding, NavigationManager navigation) : ComponentBase
{
    private string name = "";
    private string? error;
    private bool codeWanted;

    [CascadingParameter]
    public required HttpContext Context { get; set; }

    /// <summary>Path of this portal to go to afterwards.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm]
    public Form Input { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        name = await branding.NameAsync(Context.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        try
        {
            using var answer = await api.SignInAsync(new LoginRequest(Input.Email, Input.Password, Blank(Input.Code)), Context.RequestAborted);
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
            error = "Sign-in is not available at the moment. Try again in a few seconds.";
        }

        // Never written back into the page.
        Input.Password = "";
    }

    private async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1);
            return string.Create(CultureInfo.InvariantCulture, $"Too many failed attempts. Try again in {Math.Ceiling(wait.TotalMinutes):0} min.");
        }

        var kind = await KindAsync(answer);
        if (kind == ProblemKinds.TwoFactorRequired)
        {
            codeWanted = true;
            return "Enter your password again together with the code.";
        }

        codeWanted = Input.Code is not null;
        return kind == ProblemKinds.InvalidCredentials
            ? "Email or password is not right."
            : "Signing in was refused. Check email and password.";
    }

    private static async Task<string?> KindAsync(HttpResponseMessage answer)
    {
        try
        {
            return (await answer.Content.ReadFromJsonAsync<ProblemDetails>())?.Type?.Split('/')[^1];
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // no problem document: the status alone speaks
        }
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    public sealed class Form
    {
        [Required(ErrorMessage = "Enter your email address.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        public string Password { get; set; } = "";

        public string? Code { get; set; }
    }
}
