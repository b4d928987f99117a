using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Users;
using Portal.ServiceDefaults.Sessions;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Shell;

/// <summary>
/// A circuit knows who began it; this asks whether that still holds. A wall screen whose session ended shows the sign-in page and no
/// figures of yesterday; whoever was given another role sees the page of that role.
/// </summary>
public sealed class SessionWatch(SessionChecks sessions, Caller caller, SessionEnd end, NavigationManager navigation, PageVisibility visibility, TimeProvider clock)
    : ComponentBase, IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private RefreshLoop? loop;

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) loop = new RefreshLoop(visibility, clock, Every, _ => InvokeAsync(CheckAsync));
    }

    public void Dispose() => loop?.Dispose();

    // Somebody who has just set up two-factor looks at recovery codes that are shown once; the page leads on from there.
    private static bool IsBeingSetUp(ClaimsPrincipal begun, SignedInPerson now) => begun.IsInRole(Roles.AdminWithoutTwoFactor) && now.Role == Roles.Admin;

    private async Task CheckAsync()
    {
        var begun = (await Authentication).User;
        try
        {
            var now = await sessions.WhoAsync(caller.Cookies, CancellationToken.None);
            if (now is null) end.Show();
            else if (now.User != begun.Identity?.Name || (!begun.IsInRole(now.Role) && !IsBeingSetUp(begun, now))) navigation.Refresh(forceReload: true);
        }
        catch (SessionCheckUnavailableException)
        {
            // An API that is away signs nobody out; the page says by itself that its figures aren't renewed.
        }
    }
}
