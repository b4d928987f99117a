using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Api.Application;
using Portal.Api.Requests;
using Portal.Api.Users;
using Portal.Contracts;
using Portal.Contracts.Auth;
using Portal.Data;

namespace Portal.Api.Auth;

/// <summary>One's own second factor. Whatever weakens the account asks for its password again: a session left open is not enough.</summary>
internal static class TwoFactorEndpoints
{
    private const int RecoveryCodeCount = 10;

    public static void MapTwoFactor(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/api/auth/two-factor").WithTags("Auth").RequireAuthorization(Policies.Own);
        own.MapGet("/", GetAsync);
        own.MapPost("/key", NewKeyAsync);
        own.MapPost("/on", SwitchOnAsync);
        own.MapPost("/off", SwitchOffAsync);
        own.MapPost("/recovery-codes", NewCodesAsync);
    }

    private static async Task<Results<Ok<TwoFactorItem>, NotFound>> GetAsync(ClaimsPrincipal caller, UserManager<PortalUser> users, TwoFactorRule rule)
    {
        if (await users.FindByIdAsync(caller.UserId().ToString()) is not { } user) return TypedResults.NotFound();
        var hasPassword = user.PasswordHash is not null;
        var codes = user.TwoFactorEnabled ? await users.CountRecoveryCodesAsync(user) : 0;
        return TypedResults.Ok(new TwoFactorItem(user.TwoFactorEnabled, codes, hasPassword, rule.Binds(caller.Role(), hasPassword)));
    }

    private static Task<Results<Ok<TwoFactorKey>, ValidationProblem, ProblemHttpResult>> NewKeyAsync(
        TwoFactorRequest request, HttpContext http, ClaimsPrincipal caller, SignInDesk desk, UserChange change, IOptions<ApplicationOptions> application,
        CancellationToken cancellationToken) =>
        ChangeAsync<TwoFactorKey>(request, http, caller, desk, change, mustBeOn: false, "user.two-factor-begun", async user =>
        {
            UserChange.Ensure(await change.Users.ResetAuthenticatorKeyAsync(user));
            var key = (await change.Users.GetAuthenticatorKeyAsync(user))!;
            var issuer = Uri.EscapeDataString(application.Value.PublicUrl?.Host ?? http.Request.Host.Host);
            return new TwoFactorKey(
                string.Join(' ', key.Chunk(4).Select(group => new string(group))),
                $"otpauth://totp/{issuer}:{Uri.EscapeDataString(user.Email!)}?secret={key}&issuer={issuer}");
        }, cancellationToken);

    private static async Task<Results<Ok<RecoveryCodes>, ValidationProblem, ProblemHttpResult>> SwitchOnAsync(
        TwoFactorConfirmation confirmation, HttpContext http, ClaimsPrincipal caller, SecondFactor factor, UserChange change, CancellationToken cancellationToken)
    {
        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(caller.UserId(), cancellationToken) is not { } user) return Refusals.Invalid("code", "The account is gone.");
        if (user.TwoFactorEnabled) return AlreadyOn();
        if (!await factor.TakeOfAppAsync(user, confirmation.Code.Replace(" ", "", StringComparison.Ordinal), cancellationToken))
            return Refusals.Invalid("code", "Is not the app's code at this moment. Wait for the next one; if that is refused as well, set the phone's clock to automatic.");

        UserChange.Ensure(await change.Users.SetTwoFactorEnabledAsync(user, true));
        var codes = await change.Users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodeCount);
        // They showed no code; where admins need two-factor, somebody else's who knows the password would open with this one.
        await change.Sessions.EndOthersAsync(user.Id, caller.SessionId()!, cancellationToken);
        await change.CommitAsync(transaction, caller, "user.two-factor-on", user, null, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RecoveryCodes([.. codes!]));
    }

    private static async Task<Results<Ok<TwoFactorItem>, ValidationProblem, ProblemHttpResult>> SwitchOffAsync(
        TwoFactorRequest request, HttpContext http, ClaimsPrincipal caller, SignInDesk desk, UserChange change, TwoFactorRule rule, CancellationToken cancellationToken) =>
        rule.Binds(caller.Role(), hasPassword: true) ? Needed() : await ChangeAsync<TwoFactorItem>(request, http, caller, desk, change, mustBeOn: true, "user.two-factor-off", async user =>
        {
            await change.ForgetSecondFactorAsync(user);
            return new TwoFactorItem(false, 0);
        }, cancellationToken);

    private static Task<Results<Ok<RecoveryCodes>, ValidationProblem, ProblemHttpResult>> NewCodesAsync(
        TwoFactorRequest request, HttpContext http, ClaimsPrincipal caller, SignInDesk desk, UserChange change, CancellationToken cancellationToken) =>
        ChangeAsync<RecoveryCodes>(request, http, caller, desk, change, mustBeOn: true, "user.recovery-codes-renewed", async user =>
            new RecoveryCodes([.. (await change.Users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodeCount))!]), cancellationToken);

    private static async Task<Results<Ok<T>, ValidationProblem, ProblemHttpResult>> ChangeAsync<T>(
        TwoFactorRequest request, HttpContext http, ClaimsPrincipal caller, SignInDesk desk, UserChange change, bool mustBeOn, string action,
        Func<PortalUser, Task<T>> apply, CancellationToken cancellationToken)
    {
        var (right, pause) = await desk.CheckPasswordAsync(http, caller.Email(), request.Password, cancellationToken);
        if (pause is not null) return pause;
        if (!right) return WrongPassword();

        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await change.FindAsync(caller.UserId(), cancellationToken) is not { } user) return WrongPassword();
        if (user.TwoFactorEnabled != mustBeOn) return mustBeOn ? Off() : AlreadyOn();
        var answer = await apply(user);
        await change.CommitAsync(transaction, caller, action, user, null, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(answer);
    }

    private static ValidationProblem WrongPassword() => Refusals.Invalid("password", "Is not the account's password.");

    private static ProblemHttpResult AlreadyOn() =>
        Refusals.Conflict(ProblemKinds.TwoFactorState, "Two-factor sign-in is on already.", "Switch it off first to set up another app.");

    /// <summary>An admin's stays on, whichever way it is tried.</summary>
    internal static ProblemHttpResult Needed() => Refusals.Conflict(
        ProblemKinds.TwoFactorNeeded, "Admins need two-factor sign-in here, so yours stays on.", "For another phone, another admin takes it from your account; then set it up anew.");

    private static ProblemHttpResult Off() => Refusals.Conflict(ProblemKinds.TwoFactorState, "Two-factor sign-in is off.", "Set up an authenticator app first.");
}
