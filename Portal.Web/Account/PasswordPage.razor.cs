using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Web.Api;
using Portal.Web.SignIn;

namespace Portal.Web.Account;

/// <summary>Changes one's own password. Static as the sign-in: the browser has to get the new session's cookie, so no circuit can do it.</summary>
public sealed partial class PasswordPage(PortalApi api, IStringLocalizer<AccountText> text) : ComponentBase
{
    private string email = "";
    private string? error;
    private bool changed;

    [CascadingParameter]
    public required HttpContext Context { get; set; }

    [SupplyParameterFromForm]
    public Form Input { get; set; } = default!;

    private IStringLocalizer<AccountText> Text => text;

    protected override void OnInitialized()
    {
        Input ??= new Form();
        email = Context.User.Identity?.Name ?? "";
    }

    private async Task SubmitAsync()
    {
        error = Fault();
        if (error is not null) return;
        try
        {
            using var answer = await api.ChangePasswordAsync(new PasswordChangeRequest(Input.Current!, Input.New!), Context.RequestAborted);
            changed = answer.IsSuccessStatusCode;
            if (changed) CookieRelay.Pass(answer, Context.Response);
            else error = await RefusalAsync(answer);
        }
        catch (ApiUnavailableException)
        {
            error = text["Unavailable"];
        }

        // Never written back into the page.
        Input = new Form();
    }

    private string? Fault() =>
        string.IsNullOrEmpty(Input.Current) || string.IsNullOrEmpty(Input.New) || string.IsNullOrEmpty(Input.Again) ? text["Missing"].Value
        : Input.New != Input.Again ? text["Differ"].Value : null;

    private async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests) return text["TooMany"];
        var problem = await Problem.ReadAsync(answer, Context.RequestAborted);
        if (problem.Kind == ProblemKinds.InvalidCredentials || problem.Errors.ContainsKey("currentPassword")) return text["Wrong"];
        return problem.Errors.Count > 0 ? string.Join(' ', problem.Errors.Values.SelectMany(lines => lines)) : text["Refused"];
    }

    public sealed class Form
    {
        public string? Current { get; set; }

        public string? New { get; set; }

        public string? Again { get; set; }
    }
}
