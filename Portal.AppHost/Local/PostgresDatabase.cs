using Npgsql;

namespace Portal.AppHost.Local;

/// <summary>Databases on a server, private or given.</summary>
public static class PostgresDatabase
{
    /// <summary>Makes a database; does nothing when it is there.</summary>
    public static async Task CreateAsync(string server, string name, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(server, cancel);
        await using var look = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await look.ExecuteScalarAsync(cancel) is not null) return;
        try
        {
            // template0: a template1 that somebody has open can't be copied.
            await RunAsync(connection, $"CREATE DATABASE {Quoted(name)} TEMPLATE template0", cancel);
        }
        catch (Npgsql.PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
        }
    }

    /// <summary>Drops a database, also while somebody is connected to it.</summary>
    public static async Task DropAsync(string server, string name, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(server, cancel);
        await RunAsync(connection, $"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancel);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string server, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        // A name can't be a parameter; it is quoted by Quoted.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
