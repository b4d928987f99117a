using Npgsql;

namespace Fleet.Aggregator.Storage;

/// <summary>Where the fleet's database is: the same settings and order as in a customer's stack, so that deployers learn one.</summary>
internal static class FleetConnection
{
    /// <returns>The connection string, and by which setting it was found (for the log; without any secret).</returns>
    /// <exception cref="InvalidOperationException">Nothing says where the database is; the message names the settings.</exception>
    public static (string ConnectionString, string Source) Resolve(IConfiguration configuration)
    {
        if (configuration["Database:ConnectionString"] is { Length: > 0 } explicitly)
        {
            return (explicitly, "Database__ConnectionString");
        }

        if (configuration.GetConnectionString("portal") is { Length: > 0 } named)
        {
            return (named, "ConnectionStrings__portal");
        }

        if (configuration["POSTGRES_PASSWORD"] is not { Length: > 0 } password)
        {
            throw new InvalidOperationException(
                "No database is configured. Set Database__ConnectionString, ConnectionStrings__portal, or POSTGRES_HOST and POSTGRES_PASSWORD "
                    + "(POSTGRES_PORT, POSTGRES_DB and POSTGRES_USER have defaults).");
        }

        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = configuration["POSTGRES_HOST"] ?? "localhost",
            Port = configuration.GetValue("POSTGRES_PORT", 5432),
            Database = configuration["POSTGRES_DB"] ?? "admin_fleet",
            Username = configuration["POSTGRES_USER"] ?? "power_user",
            Password = password,
        };
        return (parts.ConnectionString, "POSTGRES_* variables");
    }
}
