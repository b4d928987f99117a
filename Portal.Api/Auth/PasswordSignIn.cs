using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;

namespace Portal.Api.Auth;

internal enum SignInOutcome
{
    /// <summary>The account exists, is active, and password and code are right.</summary>
    Right,

    /// <summary>Anything else; the caller is not told what.</summary>
    Wrong,

    /// <summary>The password is right, the account wants a code and none came.</summary>
    CodeMissing,
}

/// <summary>Checks email, password and code. Takes the same time whether or not the account exists.</summary>
internal sealed class PasswordSignIn(PortalDbContext db, UserManager<PortalUser> users, SecondFactor factor, DecoyPassword decoy, TimeProvider clock)
{
    public async Task<(SignInOutcome Outcome, PortalUser? User)> CheckAsync(
        string email, string password, string? code, CancellationToken cancellationToken)
    {
        var user = await users.FindByNameAsync(email.Trim());
        var hash = user?.PasswordHash;
        var verified = users.PasswordHasher.VerifyHashedPassword(user ?? DecoyPassword.Nobody, hash ?? decoy.Hash, password);
        if (user is null || hash is null || verified == PasswordVerificationResult.Failed || !user.IsActive(clock.GetUtcNow()))
            return (SignInOutcome.Wrong, user);

        if (user.TwoFactorEnabled)
        {
            if (string.IsNullOrWhiteSpace(code)) return (SignInOutcome.CodeMissing, user);
            if (!await factor.TakeAsync(user, code, cancellationToken)) return (SignInOutcome.Wrong, user);
        }

        if (verified == PasswordVerificationResult.SuccessRehashNeeded) await RenewHashAsync(user, hash, password, cancellationToken);
        return (SignInOutcome.Right, user);
    }

    // Only where nobody set another password meanwhile.
    private async Task RenewHashAsync(PortalUser user, string hash, string password, CancellationToken cancellationToken)
    {
        var renewed = users.PasswordHasher.HashPassword(user, password);
        await db.Users.Where(row => row.Id == user.Id && row.PasswordHash == hash)
            .ExecuteUpdateAsync(row => row.SetProperty(u => u.PasswordHash, renewed), cancellationToken);
    }
}

/// <summary>A hash that no password fits, checked where there is no account, so that the answer takes as long as with one.</summary>
/// <remarks>Made once; the registered hasher lives only as long as a request, hence one of its own with the same settings.</remarks>
internal sealed class DecoyPassword(IOptions<PasswordHasherOptions> options)
{
    public static readonly PortalUser Nobody = new();

    public string Hash { get; } = new PasswordHasher<PortalUser>(options).HashPassword(Nobody, Guid.NewGuid().ToString());
}
