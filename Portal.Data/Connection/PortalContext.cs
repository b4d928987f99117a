using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Portal.Data.Connection;

/// <summary>Settings of the context that are the same at run time and for <c>dotnet ef</c>.</summary>
internal static class PortalContext
{
    public static void Configure(NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql
            .MigrationsHistoryTable("__EFMigrationsHistory", PortalDbContext.Schema) // the fleet's context has its own in `fleet`
            .SetPostgresVersion(15, 0); // the oldest server supported
}
