using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Connection;

namespace Portal.Api.Auth;

/// <summary>
/// Sessions in the database, so that they end at once when they must. The cookie holds a random key, the row its hash. Account,
/// role and whether it is active are read with the session on every request: a change acts on the very next one.
/// </summary>
internal sealed class SessionStore(TimeProvider clock, IOptions<SessionOptions> options, TwoFactorRule rule) : ITicketStore
{
    /// <summary>Most sessions of one account; the least recently used ones end beyond. Programs sign in too and seldom out.</summary>
    public const int MaxPerAccount = 100;

    // One write a minute and session at most, not one per request.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var db = httpContext.RequestServices.GetRequiredService<PortalDbContext>();
        var now = clock.GetUtcNow();
        var user = ticket.Principal.UserId();
        var key = RandomNumberGenerator.GetBytes(32);

        await db.Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.Sessions.Where(session => session.UserId == user)
            .OrderByDescending(session => session.LastSeenAt).Skip(MaxPerAccount - 1)
            .ExecuteDeleteAsync(cancellationToken);
        db.Sessions.Add(new Session
        {
            Id = SHA256.HashData(key),
            UserId = user,
            Ticket = TicketSerializer.Default.Serialize(ticket),
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = Expiry(created: now, seen: now),
        });
        await db.SaveChangesAsync(cancellationToken);
        return WebEncoders.Base64UrlEncode(key);
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var db = httpContext.RequestServices.GetRequiredService<PortalDbContext>();
        var now = clock.GetUtcNow();
        var id = Id(key);
        var found = await (
            from session in db.Sessions.AsNoTracking()
            join user in db.Users on session.UserId equals user.Id
            join userRole in db.UserRoles on user.Id equals userRole.UserId
            join role in db.Roles on userRole.RoleId equals role.Id
            where session.Id == id && session.ExpiresAt > now && (user.LockoutEnd == null || user.LockoutEnd <= now)
            select new { Session = session, user.Email, Role = role.Name, user.TwoFactorEnabled, HasPassword = user.PasswordHash != null }
        ).Prepared().FirstOrDefaultAsync(cancellationToken);
        if (found is null || TicketSerializer.Default.Deserialize(found.Session.Ticket) is not { } stored) return null;

        var expires = found.Session.ExpiresAt;
        if (now - found.Session.LastSeenAt >= TouchEvery)
        {
            expires = Expiry(found.Session.CreatedAt, now);
            await db.Sessions.Where(session => session.Id == id).ExecuteUpdateAsync(
                session => session.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.ExpiresAt, expires), cancellationToken);
        }

        var properties = stored.Properties;
        properties.IssuedUtc = found.Session.CreatedAt;
        properties.ExpiresUtc = expires;
        var roleNow = rule.RoleNow(found.Role!, found.TwoFactorEnabled, found.HasPassword);
        var principal = Principals.Create(found.Session.UserId, found.Email!, roleNow, id);
        return new AuthenticationTicket(principal, properties, SessionAuth.Scheme);
    }

    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var db = httpContext.RequestServices.GetRequiredService<PortalDbContext>();
        var id = Id(key);
        return db.Sessions.Where(session => session.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    // A session keeps one key and one account for all its life: the handler would renew a session that somebody else signs in
    // over, and whoever planted the old cookie would then be signed in as well.
    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        throw new InvalidOperationException("A session is never renewed; end it before starting another one.");

    public Task<string> StoreAsync(AuthenticationTicket ticket) => throw NeedsRequest();

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw NeedsRequest();

    public Task RemoveAsync(string key) => throw NeedsRequest();

    private DateTimeOffset Expiry(DateTimeOffset created, DateTimeOffset seen)
    {
        var idle = seen + options.Value.IdleTimeout;
        var last = created + options.Value.Lifetime;
        return idle < last ? idle : last;
    }

    private static byte[] Id(string key) => SHA256.HashData(WebEncoders.Base64UrlDecode(key));

    private static NotSupportedException NeedsRequest() => new("The database context is the request's.");
}
