using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Data;

namespace Portal.Api.Users;

/// <summary>A change of accounts: one transaction, alone among such changes, with its line in the audit trail.</summary>
internal sealed class UserChange(
    PortalDbContext db, UserManager<PortalUser> users, Administrators administrators, SessionControl sessions, UserQueries queries, AuditTrail audit)
{
    public UserManager<PortalUser> Users => users;

    public Administrators Administrators => administrators;

    public SessionControl Sessions => sessions;

    public UserQueries Queries => queries;

    /// <summary>Whatever is not committed is undone when the transaction is disposed.</summary>
    public async Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await administrators.LockAsync(cancellationToken);
        return transaction;
    }

    /// <summary>The account, its row locked, so that a sign-in under way can't change it under our hands; null where there is none.</summary>
    public async Task<PortalUser?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"""SELECT 1 FROM identity."Users" WHERE "Id" = {id} FOR UPDATE""", cancellationToken);
        return await users.FindByIdAsync(id.ToString());
    }

    /// <summary>For what can't fail after the checks before it.</summary>
    public static void Ensure(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException(string.Join(" ", result.Errors.Select(error => error.Description)));
    }

    /// <summary>Takes the app's key and the recovery codes from an account: signing in wants the password alone.</summary>
    public async Task ForgetSecondFactorAsync(PortalUser user)
    {
        Ensure(await users.SetTwoFactorEnabledAsync(user, false));
        Ensure(await users.ResetAuthenticatorKeyAsync(user));
        Ensure(await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 0) is not null ? IdentityResult.Success : IdentityResult.Failed());
    }

    /// <summary>A change that the account's owner makes without being signed in.</summary>
    public async Task CommitOwnAsync(IDbContextTransaction transaction, string action, PortalUser user, CancellationToken cancellationToken)
    {
        audit.AddOwn(action, user.Email!);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task CommitAsync(
        IDbContextTransaction transaction, ClaimsPrincipal caller, string action, PortalUser user, object? details, CancellationToken cancellationToken)
    {
        audit.Add(caller, action, user.Email!, details);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
