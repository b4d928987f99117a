using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Portal.TimeSeries.Connection;

/// <summary>Where the database is, and which setting said so.</summary>
/// <param name="Settings">Host, database, user and password as configured; nothing of ours added.</param>
/// <param name="Source">The setting's name as an operator writes it; it goes to the log.</param>
internal sealed record DatabaseConnection(NpgsqlConnectionStringBuilder Settings, string Source)
{
    private const string DefaultUser = "power_user";

    /// <summary>
    /// <c>Database__ConnectionString</c>, else <c>ConnectionStrings__portal</c> (Aspire and the local engine), else <c>POSTGRES_*</c> (Compose).
    /// Null where <paramref name="errors"/> got at least one sentence. A connection string is never quoted in them: it holds a password.
    /// </summary>
    public static DatabaseConnection? Resolve(IConfiguration configuration, string defaultDatabase, ICollection<string> errors)
    {
        if (configuration["Database:ConnectionString"] is { Length: > 0 } own)
        {
            return Parse(own, "Database__ConnectionString", errors);
        }

        if (configuration.GetConnectionString("portal") is { Length: > 0 } aspire)
        {
            return Parse(aspire, "ConnectionStrings__portal", errors);
        }

        return FromParts(configuration, defaultDatabase, errors);
    }

    private static DatabaseConnection? Parse(string connectionString, string source, ICollection<string> errors)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database))
            {
                errors.Add($"{source} names no Host or no Database; write Host=…;Port=…;Database=…;Username=…;Password=….");
                return null;
            }

            return new DatabaseConnection(settings, source);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            errors.Add($"{source} is not a connection string; write Host=…;Port=…;Database=…;Username=…;Password=….");
            return null;
        }
    }

    private static DatabaseConnection? FromParts(IConfiguration configuration, string defaultDatabase, ICollection<string> errors)
    {
        var password = configuration["POSTGRES_PASSWORD"];
        if (string.IsNullOrEmpty(password))
        {
            errors.Add(
                "No database is configured: set Database__ConnectionString, ConnectionStrings__portal, or POSTGRES_PASSWORD "
                    + "(with POSTGRES_HOST, POSTGRES_PORT, POSTGRES_DB and POSTGRES_USER where the defaults don't fit)."
            );
        }

        var port = 5432;
        if (
            configuration["POSTGRES_PORT"] is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
        )
        {
            errors.Add($"POSTGRES_PORT is '{text}'; set it to a port from 1 to 65535, or leave it out for 5432.");
        }

        if (errors.Count > 0)
        {
            return null;
        }

        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = Or(configuration["POSTGRES_HOST"], "localhost"),
            Port = port,
            Database = Or(configuration["POSTGRES_DB"], defaultDatabase),
            Username = Or(configuration["POSTGRES_USER"], DefaultUser),
            Password = password,
        };
        return new DatabaseConnection(settings, "POSTGRES_HOST, POSTGRES_PORT, POSTGRES_DB, POSTGRES_USER");
    }

    private static string Or(string? value, string standard) => string.IsNullOrEmpty(value) ? standard : value;
}
