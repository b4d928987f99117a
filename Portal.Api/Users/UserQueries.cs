using Microsoft.EntityFrameworkCore;
using Portal.Api.Requests;
using Portal.Contracts;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Users;

/// <summary>Accounts as admins see them.</summary>
internal sealed class UserQueries(PortalDbContext db, TimeProvider clock)
{
    /// <summary>By email.</summary>
    public async Task<Page<UserItem>> PageAsync(PageStart page, CancellationToken cancellationToken)
    {
        var after = page.After?[0];
        var rows = await Rows()
            .Where(row => after == null || string.Compare(row.User.NormalizedUserName, after) > 0)
            .OrderBy(row => row.User.NormalizedUserName)
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return page.Cut(rows, Item, row => [row.User.NormalizedUserName!]);
    }

    public async Task<UserItem?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await Rows().FirstOrDefaultAsync(row => row.User.Id == id, cancellationToken) is { } row ? Item(row) : null;

    private IQueryable<UserRow> Rows() =>
        from user in db.Users.AsNoTracking()
        join userRole in db.UserRoles on user.Id equals userRole.UserId
        join role in db.Roles on userRole.RoleId equals role.Id
        select new UserRow
        {
            User = user,
            Role = role.Name!,
            LinkExpiresAt = db.AccountLinks.Where(link => link.UserId == user.Id && link.ExpiresAt > clock.GetUtcNow()).Select(link => (DateTimeOffset?)link.ExpiresAt).FirstOrDefault(),
            Connected = db.UserLogins.Any(identity => identity.UserId == user.Id),
            LastSeenAt = db.Sessions.Where(session => session.UserId == user.Id).Max(session => (DateTimeOffset?)session.LastSeenAt),
        };

    private UserItem Item(UserRow row) => new(
        row.User.Id.ToString(), row.User.Email!, row.Role, Auth.AccountState.IsActive(row.User, clock.GetUtcNow()), row.User.TwoFactorEnabled, row.LastSeenAt,
        row.User.PasswordHash is not null, row.LinkExpiresAt, row.Connected);

    private sealed class UserRow
    {
        public required PortalUser User { get; init; }

        public required string Role { get; init; }

        public DateTimeOffset? LastSeenAt { get; init; }

        public DateTimeOffset? LinkExpiresAt { get; init; }

        public bool Connected { get; init; }
    }
}
