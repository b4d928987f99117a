using MudBlazor;

namespace Portal.Web.Forms;

/// <summary>Questions before something that can't be taken back, and forms.</summary>
public sealed class Dialogs(IDialogService service)
{
    private static readonly DialogOptions Options = new() { CloseOnEscapeKey = true, MaxWidth = MaxWidth.Small, FullWidth = true };

    /// <param name="title">The question.</param>
    /// <param name="consequence">What would be lost or change.</param>
    /// <param name="action">What the button says: the verb itself, not "OK".</param>
    /// <param name="destroys">Colours the button as a warning.</param>
    /// <param name="type">A word to be typed first, such as the code of what is deleted; null: a click is enough.</param>
    public async Task<bool> ConfirmAsync(string title, string consequence, string action, bool destroys = false, string? type = null)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { dialog => dialog.Consequence, consequence },
            { dialog => dialog.Action, action },
            { dialog => dialog.Destroys, destroys },
            { dialog => dialog.Type, type },
        };
        var shown = await service.ShowAsync<ConfirmDialog>(title, parameters, Options);
        return await shown.Result is { Canceled: false };
    }

    /// <summary>Shows a form in a dialog (see <see cref="FormDialog"/>).</summary>
    /// <returns>What the API answered; null where the person thought better of it.</returns>
    public async Task<T?> AskAsync<TDialog, T>(string title, DialogParameters<TDialog>? parameters = null)
        where TDialog : Microsoft.AspNetCore.Components.IComponent
        where T : class
    {
        var shown = await service.ShowAsync<TDialog>(title, parameters ?? [], Options);
        return await shown.Result is { Canceled: false, Data: T answer } ? answer : null;
    }
}
