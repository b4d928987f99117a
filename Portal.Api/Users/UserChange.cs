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

    /// <summary>What the account's owner does without being signed in, for the audit trail.</summary>
    public void NoteOwn(string action, PortalUser user, object? details = null) => audit.AddOwn(action, user.Email!, details);

    /// <summary>Ends the transaction with what was noted.</summary>
    public async Task CommitOwnAsync(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Gives the account this role and no other.</summary>
    public async Task SetRoleAsync(PortalUser user, string role)
    {
        var before = await users.GetRolesAsync(user);
        if (before.Contains(role)) return;
        Ensure(await users.RemoveFromRolesAsync(user, before));
        Ensure(await users.AddToRoleAsync(user, role));
    }

    public async Task CommitAsync(
        IDbContextTransaction transaction, ClaimsPrincipal caller, string action, PortalUser user, object? details, CancellationToken cancellationToken)
    {
        audit.Add(caller, action, user.Email!, details);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
