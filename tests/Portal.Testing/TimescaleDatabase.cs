using Npgsql;
using Xunit;

namespace Portal.Testing;

/// <summary>
/// An empty database on a real TimescaleDB, its extension created. As <c>IClassFixture&lt;TimescaleDatabase&gt;</c> it lives as
/// long as a test class; mark the tests with <see cref="TimescaleFactAttribute"/>.
/// </summary>
/// <remarks>
/// Each database is a server process of its own (see <see cref="TimescaleServer"/>), so classes never meet. With
/// <c>PORTAL_TEST_TIMESCALE</c>, the connection string of a superuser, it is a fresh database on that server instead, dropped afterwards.
/// </remarks>
public sealed class TimescaleDatabase : IAsyncLifetime
{
    private TimescaleServer? _server;
    private string? _given;
    private string? _connectionString;

    /// <summary>Why there can be no TimescaleDB on this machine; null where there can. In CI (<c>CI=true</c>) it is always null: there a missing Node fails the tests.</summary>
    public static string? MissingReason { get; } =
        Given is not null || TimescalePackage.Node is not null || Environment.GetEnvironmentVariable("CI") == "true" ? null : TimescalePackage.NodeIsMissing;

    /// <summary>Npgsql's connection string, pooling as by default.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="InitializeAsync"/>, or where <see cref="MissingReason"/> isn't null.</exception>
    public string ConnectionString =>
        _connectionString ?? throw new InvalidOperationException(MissingReason ?? "The database is not created yet.");

    /// <summary>True where <c>PORTAL_TEST_TIMESCALE</c> names a server: it has many sessions, ours has one.</summary>
    public static bool IsGiven => Given is not null;

    private static string? Given => Environment.GetEnvironmentVariable("PORTAL_TEST_TIMESCALE") is { Length: > 0 } given ? given : null;

    /// <summary>Creates one more database, for a test that can't share its class's. The caller disposes it.</summary>
    public static async Task<TimescaleDatabase> CreateAsync()
    {
        var database = new TimescaleDatabase();
        await database.InitializeAsync();
        return database;
    }

    /// <summary>Creates the database. Where there can be none it does nothing: xunit makes the fixture of a class even if it skips all of its tests.</summary>
    public async Task InitializeAsync()
    {
        if (MissingReason is not null)
            return;
        if (Given is { } given)
        {
            _connectionString = await CreateOnAsync(given);
            _given = given;
            return;
        }
        _server = await TimescaleServer.StartAsync();
        // A statement waits for its turn while another connection's transaction is open, so the time-out is a generous one. All connections
        // are one session, in which prepared statements of two would have the same names.
        _connectionString = $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=portal;SSL Mode=Disable;Command Timeout=120;Max Auto Prepare=0";
    }

    /// <summary>Drops the database or ends its server; connections that are still open are cut.</summary>
    public async Task DisposeAsync()
    {
        if (_connectionString is null)
            return;
        await using (var pool = new NpgsqlConnection(_connectionString))
            NpgsqlConnection.ClearPool(pool);
        if (_server is not null)
            await _server.DisposeAsync();
        if (_given is not null)
            await ExecuteAsync(_given, $"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(_connectionString).Database}\" WITH (FORCE)");
        _connectionString = null;
    }

    private static async Task<string> CreateOnAsync(string given)
    {
        var name = $"portal_test_{Guid.NewGuid():N}";
        await ExecuteAsync(given, $"CREATE DATABASE \"{name}\"");
        var connectionString = new NpgsqlConnectionStringBuilder(given) { Database = name }.ConnectionString;
        await ExecuteAsync(connectionString, "CREATE EXTENSION IF NOT EXISTS timescaledb");
        return connectionString;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
