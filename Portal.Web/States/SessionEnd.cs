using Microsoft.AspNetCore.Components;

namespace Portal.Web.States;

/// <summary>Leads to the sign-in page when the session ends while a page is open, with the way back.</summary>
public sealed class SessionEnd(NavigationManager navigation)
{
    public void Show()
    {
        var back = "/" + navigation.ToBaseRelativePath(navigation.Uri);
        navigation.NavigateTo($"/sign-in?ended=true&returnUrl={Uri.EscapeDataString(back)}", forceLoad: true);
    }
}
