using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Api.Auth;

/// <summary>Starts and ends sessions.</summary>
internal sealed class SessionControl(PortalDbContext db)
{
    /// <summary>Starts a session under a fresh key; the one the request came with ends.</summary>
    public async Task StartAsync(HttpContext http, PortalUser user, string role, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is { } old)
            await db.Sessions.Where(session => session.Id == old).ExecuteDeleteAsync(cancellationToken);
        await http.SignInAsync(SessionAuth.StartScheme, Principals.Create(user.Id, user.Email!, role));
    }

    /// <summary>Ends every session of an account. Belongs into the transaction of what makes it necessary.</summary>
    public Task EndAllAsync(Guid user, CancellationToken cancellationToken) =>
        db.Sessions.Where(session => session.UserId == user).ExecuteDeleteAsync(cancellationToken);
}
