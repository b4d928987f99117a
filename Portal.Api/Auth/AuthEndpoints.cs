using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Portal.Api.Requests;
using Portal.Api.Users;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Auth;

internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Auth");
        auth.MapPost("/login", LoginAsync).AllowAnonymous();
        auth.MapPost("/logout", (Delegate)LogoutAsync).AllowAnonymous();
        auth.MapGet("/me", Me).RequireAuthorization(Policies.Own);
        auth.MapGet("/check", Check).RequireAuthorization(Policies.Own);
        auth.MapPost("/password", ChangePasswordAsync).RequireAuthorization(Policies.Own);
    }

    private static async Task<Results<Ok<SignedInUser>, ProblemHttpResult>> LoginAsync(
        LoginRequest request, HttpContext http, SignInDesk desk, SessionControl sessions, UserManager<PortalUser> users, TwoFactorRule rule,
        CancellationToken cancellationToken)
    {
        var (user, refusal) = await desk.AdmitAsync(http, request.Email, request.Password, request.Code, cancellationToken);
        if (user is null) return refusal!;

        var role = (await users.GetRolesAsync(user)).Single();
        if (!await sessions.StartAsync(http, user, role, cancellationToken)) return SignInDesk.Changed();
        return TypedResults.Ok(new SignedInUser(user.Id.ToString(), user.Email!, rule.RoleNow(role, user.TwoFactorEnabled, hasPassword: true)));
    }

    // For everybody: signing out twice, or after the session ended, is no mistake.
    private static async Task<NoContent> LogoutAsync(HttpContext http)
    {
        await http.SignOutAsync(SessionAuth.Scheme);
        return TypedResults.NoContent();
    }

    private static Ok<SignedInUser> Me(ClaimsPrincipal caller) =>
        TypedResults.Ok(new SignedInUser(caller.UserId().ToString(), caller.Email(), caller.Role()));

    // Asked by the gateway for Grafana, by the stack's other services, and by Traefik's forwardAuth in the gateway's place: then Grafana
    // takes the last header as it is, and nobody is to be its administrator.
    private static Results<NoContent, ForbidHttpResult> Check(HttpContext http, ClaimsPrincipal caller)
    {
        http.Response.Headers["X-Webauth-User"] = caller.Email();
        http.Response.Headers["X-Webauth-Role"] = caller.Role();
        http.Response.Headers.CacheControl = "no-store";
        // Whoever looks at the status alone lets nobody in; our own services read the role, to say what is missing.
        if (caller.Role() == Roles.AdminWithoutTwoFactor) return TypedResults.Forbid();
        http.Response.Headers["X-Webauth-Grafana-Role"] = caller.Role() == Roles.Admin ? "Editor" : "Viewer";
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> ChangePasswordAsync(
        PasswordChangeRequest request, HttpContext http, ClaimsPrincipal caller, SignInDesk desk, UserChange change, CancellationToken cancellationToken)
    {
        var (right, pause) = await desk.CheckPasswordAsync(http, caller.Email(), request.CurrentPassword, cancellationToken);
        if (pause is not null) return pause;
        if (!right) return Refusals.Invalid("currentPassword", "Is not the account's password.");

        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(caller.UserId(), cancellationToken) is not { } user) return Refusals.Invalid("currentPassword", "Is not the account's password.");
        var changed = await change.Users.ChangePasswordAsync(user, request.CurrentPassword, request.NewPassword);
        if (!changed.Succeeded) return Refusals.Invalid(changed.Fields("newPassword"));
        await change.Sessions.EndAllAsync(user.Id, cancellationToken);
        await change.CommitAsync(transaction, caller, "user.password-changed", user, null, cancellationToken);
        await change.Sessions.StartAsync(http, user, caller.Role(), cancellationToken);
        return TypedResults.NoContent();
    }
}
