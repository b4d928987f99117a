using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api.Auth;

/// <summary>Codes of an account's authenticator app and its recovery codes. Each lets in once (RFC 6238 §5.2).</summary>
internal sealed class SecondFactor(PortalDbContext db, UserManager<PortalUser> users, TimeProvider clock)
{
    /// <summary>Takes the code: true once, however often and wherever it is shown.</summary>
    public async Task<bool> TakeAsync(PortalUser user, string code, CancellationToken cancellationToken)
    {
        // Recovery codes are capitals and digits; people type them as they like.
        code = code.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return await TakeOfAppAsync(user, code, cancellationToken) || (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded;
    }

    /// <summary>The same for codes of the app alone.</summary>
    public async Task<bool> TakeOfAppAsync(PortalUser user, string code, CancellationToken cancellationToken)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is not { } key || Totp.StepOf(key, code, clock.GetUtcNow()) is not { } step) return false;
        // Of two at once one finds the step taken.
        return await db.Users.Where(row => row.Id == user.Id && (row.LastCodeStep == null || row.LastCodeStep < step))
            .ExecuteUpdateAsync(row => row.SetProperty(u => u.LastCodeStep, step), cancellationToken) == 1;
    }
}
