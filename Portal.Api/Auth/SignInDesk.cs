using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Portal.Api.Auth.Oidc;
using Portal.Api.Users;
using Portal.Contracts;
using Portal.Data;
using Portal.Domain.Texts;
using Portal.ServiceDefaults;

namespace Portal.Api.Auth;

/// <summary>Lets people in, or says why not without saying more than it must.</summary>
internal sealed class SignInDesk(
    PasswordSignIn passwords, SignInThrottle throttle, IOptions<OidcOptions> provider, IOptions<DefaultAdminOptions> firstAdmin, ILogger<SignInDesk> logger)
{
    /// <returns>The account, or the answer.</returns>
    public async Task<(PortalUser? User, ProblemHttpResult? Refusal)> AdmitAsync(
        HttpContext http, string email, string password, string? code, CancellationToken cancellationToken)
    {
        using var attempt = await throttle.BeginAsync(email, http.Connection.RemoteIpAddress, cancellationToken);
        if (Paused(http, attempt) is { } pause) return (null, pause);

        var (outcome, user) = await passwords.CheckAsync(email, password, code, cancellationToken);
        switch (outcome)
        {
            // Said to those alone who know the password.
            case SignInOutcome.Right or SignInOutcome.CodeMissing when provider.Value.Only && !IsForEmergencies(user!):
                return (null, Refusal(
                    ProblemKinds.PasswordsOff, "Passwords are not taken here.", $"Sign in with {provider.Value.DisplayName}. Only the first admin's password works, for emergencies."));
            case SignInOutcome.Right:
                attempt.Succeeded();
                logger.LogInformation("Signed in {Email} from {Address}", user!.Email, http.Connection.RemoteIpAddress);
                return (user, null);
            case SignInOutcome.CodeMissing:
                // Neither a success nor a failure: the page asks for the code and comes again.
                return (null, Refusal(
                    ProblemKinds.TwoFactorRequired, "A code is needed as well.", "Send 'code' from the authenticator app, or a recovery code."));
            default:
                attempt.Failed();
                LogRefused(user, http);
                return (null, Refusal(ProblemKinds.InvalidCredentials, "Email, password or code are not right.", "Check them and try again."));
        }
    }

    /// <summary>Whether this is the account's password, for somebody signed in already. Guesses count as failed sign-ins.</summary>
    public async Task<(bool Right, ProblemHttpResult? Refusal)> CheckPasswordAsync(
        HttpContext http, string email, string password, CancellationToken cancellationToken)
    {
        using var attempt = await throttle.BeginAsync(email, http.Connection.RemoteIpAddress, cancellationToken);
        if (Paused(http, attempt) is { } pause) return (false, pause);

        var (outcome, user) = await passwords.CheckAsync(email, password, code: null, cancellationToken);
        if (outcome is SignInOutcome.Right or SignInOutcome.CodeMissing) return (true, null);
        attempt.Failed();
        LogRefused(user, http);
        return (false, null);
    }

    // Somebody must get in while the provider is away, or its settings are wrong.
    private bool IsForEmergencies(PortalUser user) => string.Equals(user.Email, firstAdmin.Value.DefaultAdminEmail?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static ProblemHttpResult? Paused(HttpContext http, SignInThrottle.Attempt attempt)
    {
        var pause = attempt.Pause();
        if (pause == TimeSpan.Zero) return null;
        var seconds = (int)Math.Ceiling(pause.TotalSeconds);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status429TooManyRequests,
            type: Problems.Type(ProblemKinds.TooManyRequests),
            title: "Too many failed sign-ins.",
            detail: $"Try again in {Counted.Of(seconds, "second")}.");
    }

    /// <summary>Password, second factor or whether it is active changed while it was checked.</summary>
    internal static ProblemHttpResult Changed() => Refusal(ProblemKinds.InvalidCredentials, "The account was changed at this moment.", "Sign in again.");

    private static ProblemHttpResult Refusal(string kind, string title, string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, type: Problems.Type(kind), title: title, detail: detail);

    // What was typed as an email is no account of ours where there is none: it may be a password in the wrong field.
    private void LogRefused(PortalUser? user, HttpContext http) =>
        logger.LogWarning("Refused a sign-in as {Account} from {Address}", user?.Email ?? "an unknown account", http.Connection.RemoteIpAddress);
}
