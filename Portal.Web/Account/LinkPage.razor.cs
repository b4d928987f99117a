using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Auth;
using Portal.Contracts.Branding;
using Portal.Web.Api;
using Portal.Web.Shell;

namespace Portal.Web.Account;

/// <summary>Somebody whom an admin gave a link chooses the account's password.</summary>
public sealed partial class LinkPage(PortalApi api, Branding branding, IStringLocalizer<AccountText> text) : ComponentBase
{
    private BrandingItem brand = new("");
    private string? error;
    private bool chosen;

    [CascadingParameter]
    public required HttpContext Context { get; set; }

    [SupplyParameterFromForm]
    public Form Input { get; set; } = default!;

    private IStringLocalizer<AccountText> Text => text;

    protected override async Task OnInitializedAsync()
    {
        Input ??= new Form();
        Context.Response.Headers.CacheControl = "no-store";
        brand = await branding.ReadAsync(Context.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        error = Fault();
        if (error is null)
        {
            try
            {
                using var answer = await api.UseLinkAsync(new AccountLinkRequest(Input.Secret!.Trim(), Input.New!), Context.RequestAborted);
                chosen = answer.IsSuccessStatusCode;
                if (!chosen) error = await RefusalAsync(answer);
            }
            catch (ApiUnavailableException)
            {
                error = text["LinkUnavailable"];
            }
        }

        // The secret alone stays in the form: it is of use until it was.
        Input = new Form { Secret = Input.Secret };
    }

    private string? Fault() =>
        string.IsNullOrWhiteSpace(Input.Secret) || string.IsNullOrEmpty(Input.New) || string.IsNullOrEmpty(Input.Again) ? text["Missing"].Value
        : Input.New != Input.Again ? text["Differ"].Value : null;

    private async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests) return text["TooMany"];
        var problem = await Problem.ReadAsync(answer, Context.RequestAborted);
        return problem.Errors.Count > 0 ? string.Join(' ', problem.Errors.Values.SelectMany(lines => lines)) : text["LinkRefused"];
    }

    public sealed class Form
    {
        public string? Secret { get; set; }

        public string? New { get; set; }

        public string? Again { get; set; }
    }
}
