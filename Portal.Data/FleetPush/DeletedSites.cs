using Microsoft.EntityFrameworkCore;

namespace Portal.Data.FleetPush;

/// <summary>What the deletion of a site means for the push. Noted whether the push is on or not, as it may have been.</summary>
public static class DeletedSites
{
    /// <summary>The site goes from the fleet as well. In the transaction of its deletion.</summary>
    public static Task NoteAsync(PortalDbContext db, Guid siteId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""INSERT INTO monitoring."SiteTombstones" ("Id") VALUES ({siteId}) ON CONFLICT ("Id") DO UPDATE SET "DeletedAt" = now(), "PushedAt" = NULL""",
            cancellationToken
        );
}
