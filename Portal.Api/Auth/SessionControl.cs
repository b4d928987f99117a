using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api.Auth;

/// <summary>Starts and ends sessions.</summary>
internal sealed class SessionControl(PortalDbContext db)
{
    /// <summary>Starts a session under a fresh key; the one the request came with ends.</summary>
    /// <returns>False where the account changed since it was read: what was checked may hold no more, and nobody was signed in.</returns>
    public async Task<bool> StartAsync(HttpContext http, PortalUser user, string role, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Waits for a change that is under way (UserChange.FindAsync) and ends the account's sessions, among which this one isn't yet.
        await db.Database.ExecuteSqlAsync($"""SELECT 1 FROM identity."Users" WHERE "Id" = {user.Id} FOR UPDATE""", cancellationToken);
        if (!await db.Users.AnyAsync(row => row.Id == user.Id && row.SecurityStamp == user.SecurityStamp, cancellationToken)) return false;
        if (http.User.SessionId() is { } old)
            await db.Sessions.Where(session => session.Id == old).ExecuteDeleteAsync(cancellationToken);
        await http.SignInAsync(SessionAuth.StartScheme, Principals.Create(user.Id, user.Email!, role));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends the account's other sessions. Belongs into the transaction of what makes it necessary.</summary>
    /// <param name="own">The one that stays, see <c>Session.Id</c>.</param>
    public Task EndOthersAsync(Guid user, byte[] own, CancellationToken cancellationToken) =>
        db.Sessions.Where(session => session.UserId == user && session.Id != own).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Ends every session of an account. Belongs into the transaction of what makes it necessary.</summary>
    public Task EndAllAsync(Guid user, CancellationToken cancellationToken) =>
        db.Sessions.Where(session => session.UserId == user).ExecuteDeleteAsync(cancellationToken);
}
