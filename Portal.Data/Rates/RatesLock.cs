using Microsoft.EntityFrameworkCore;
using Portal.Data.Connection;

namespace Portal.Data.Rates;

/// <summary>
/// One change of rates at a time: what is checked (names, validities, that a clock suits all that follow it) still holds when it is written. The
/// triggers hold the same for whoever doesn't take it.
/// </summary>
public static class RatesLock
{
    /// <summary>Takes it for the rest of the context's transaction.</summary>
    public static Task TakeAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLocks.Rates})", cancellationToken);
}
