using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Contracts.Fleet;
using Portal.Web.Api;
using Portal.Web.Forms;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>What an operator can do with a customer. What goes wrong is said in a message; nothing is changed then.</summary>
public sealed partial class CustomerActions(FleetApi api, Dialogs dialogs, FormState form, Messages messages, IStringLocalizer<FleetText> text) : ComponentBase
{
    [Parameter, EditorRequired]
    public required CustomerView Customer { get; set; }

    /// <summary>The token was rotated: the new one has to be shown now.</summary>
    [Parameter]
    public EventCallback<CustomerToken> OnToken { get; set; }

    /// <summary>Something about the customer is different now.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    /// <summary>The customer is gone; else <see cref="OnChanged"/> says so too.</summary>
    [Parameter]
    public EventCallback OnDeleted { get; set; }

    private IStringLocalizer<FleetText> Text => text;

    private async Task EditAsync()
    {
        var parameters = new DialogParameters<CustomerDialog> { { dialog => dialog.Customer, Customer } };
        if (await dialogs.AskAsync<CustomerDialog, CustomerView>(text["EditTitle", Customer.Code], parameters) is not null) await OnChanged.InvokeAsync();
    }

    private async Task RotateAsync()
    {
        if (!await dialogs.ConfirmAsync(text["RotateTitle", Customer.Code], text["RotateText"], text["Rotate"], destroys: true)) return;
        CustomerToken? token = null;
        if (!await DoneAsync(async () => token = await api.RotateTokenAsync(Customer.Id, CancellationToken.None))) return;
        await OnToken.InvokeAsync(token!);
        await OnChanged.InvokeAsync();
    }

    private async Task SwitchAsync()
    {
        var (title, consequence, verb) = Customer.Active ? (text["DisableTitle", Customer.Code], text["DisableText"], text["Disable"]) : (text["ActivateTitle", Customer.Code], text["ActivateText"], text["Activate"]);
        if (!await dialogs.ConfirmAsync(title, consequence, verb, destroys: Customer.Active)) return;
        var edited = new EditCustomer(Customer.Code, Customer.Name, !Customer.Active);
        if (await DoneAsync(() => api.EditAsync(Customer.Id, edited, CancellationToken.None))) await OnChanged.InvokeAsync();
    }

    private async Task DeleteAsync()
    {
        if (!await dialogs.ConfirmAsync(text["DeleteTitle", Customer.Code], text["DeleteText", Customer.Name], text["Delete"], destroys: true, type: Customer.Code)) return;
        var isAnswered = true;
        var isDone = await DoneAsync(async () =>
        {
            try
            {
                await api.DeleteAsync(Customer.Id, CancellationToken.None);
            }
            catch (ApiRefusedException refusal) when (refusal.Status == HttpStatusCode.NotFound)
            {
                // Somebody else was faster.
            }
            catch (ApiUnavailableException)
            {
                isAnswered = false;
            }
        });
        if (!isDone) return;
        messages.Add(text[isAnswered ? "Deleted" : "DeleteGoesOn", Customer.Code], isAnswered ? Tone.Good : Tone.Warn);
        if (isAnswered) await (OnDeleted.HasDelegate ? OnDeleted : OnChanged).InvokeAsync();
    }

    private async Task<bool> DoneAsync(Func<Task> ask)
    {
        var isDone = await form.SubmitAsync(ask);
        foreach (var error in form.General) messages.Add(error, Tone.Bad);
        return isDone;
    }
}
