using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Users;

/// <summary>Who may administer, one change at a time: two admins who demote each other at once must not both succeed.</summary>
internal sealed class Administrators(PortalDbContext db, TimeProvider clock)
{
    // Beside the keys of Portal.Data in the same database ("PORT" 1 to 4).
    private const long LockKey = 0x504F_5254_0010;

    /// <summary>Waits until no other change of accounts is under way; holds until the transaction ends. First thing in it.</summary>
    public Task LockAsync(CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);

    /// <summary>
    /// True where somebody else than <paramref name="user"/> is an active admin with a password: one who gets in whatever becomes of the provider, or of a
    /// link that nobody used. Only right under <see cref="LockAsync"/>.
    /// </summary>
    public Task<bool> ExistBesidesAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Admins().AnyAsync(admin => admin.Id != user && admin.PasswordHash != null && (admin.LockoutEnd == null || admin.LockoutEnd <= now), cancellationToken);
    }

    /// <summary>True where there is an admin at all, active or not.</summary>
    public Task<bool> ExistAsync(CancellationToken cancellationToken) => Admins().AnyAsync(cancellationToken);

    private IQueryable<PortalUser> Admins() =>
        from user in db.Users
        join userRole in db.UserRoles on user.Id equals userRole.UserId
        join role in db.Roles on userRole.RoleId equals role.Id
        where role.Name == Roles.Admin
        select user;
}
