using Fleet.Aggregator.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Portal.Data;
using Portal.Testing;
using Portal.TimeSeries;

namespace Grafana.Tests.Databases;

/// <summary>
/// A database with the stack's schema and the fleet's, as their owners make them at a start with Grafana's password, and two days of meters in
/// both. It is read as Grafana's role.
/// </summary>
internal sealed class DashboardDatabase : IAsyncDisposable
{
    public const string Password = "dashboards-are-for-reading-1";

    /// <summary>Where the measurements end.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly string connectionString;
    private readonly TimescaleDatabase? timescale;
    private readonly NpgsqlDataSource owner;
    private NpgsqlDataSource? reader;

    private DashboardDatabase(string connectionString, TimescaleDatabase? timescale)
    {
        (this.connectionString, this.timescale) = (connectionString, timescale);
        owner = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>What the owners' starts logged.</summary>
    public List<string> LogLines { get; } = [];

    /// <summary>The role's name where no setting gives one.</summary>
    public string Reader => $"grafana_{new NpgsqlConnectionStringBuilder(connectionString).Database}";

    /// <summary>On plain PostgreSQL, without schemas yet.</summary>
    public static async Task<DashboardDatabase> EmptyAsync() => new(await PostgresServer.CreateDatabaseAsync("grafana"), null);

    /// <summary>On plain PostgreSQL, with schemas and meters.</summary>
    public static async Task<DashboardDatabase> PostgresAsync() => await FilledAsync(await EmptyAsync());

    /// <summary>On TimescaleDB, with schemas and meters.</summary>
    public static async Task<DashboardDatabase> TimescaleAsync()
    {
        var server = await TimescaleDatabase.CreateAsync();
        return await FilledAsync(new DashboardDatabase(server.ConnectionString, server));
    }

    /// <summary>The same database for a user of its own who owns it and may do no more.</summary>
    public async Task<DashboardDatabase> OwnedByAsync(string user)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync($"CREATE ROLE {user}_{Environment.ProcessId} LOGIN PASSWORD '{Password}'; ALTER DATABASE \"{name}\" OWNER TO {user}_{Environment.ProcessId}");
        return new(new NpgsqlConnectionStringBuilder(connectionString) { Username = $"{user}_{Environment.ProcessId}", Password = Password }.ConnectionString, null);
    }

    /// <summary>What the API does when it starts.</summary>
    /// <param name="settings">Settings besides the connection, by their names with colons.</param>
    public Task StartApiAsync(params (string Name, string? Value)[] settings) => StartAsync(
        settings, builder => builder.AddPortalData(), services => services.GetRequiredService<PortalSchema>().MigrateAsync(null, CancellationToken.None));

    /// <summary>What the aggregator does when it starts.</summary>
    public Task StartAggregatorAsync(params (string Name, string? Value)[] settings) => StartAsync(
        settings, builder => builder.AddFleetStorage(), services => services.GetRequiredService<FleetSchema>().MigrateAsync(CancellationToken.None));

    public async Task ExecuteAsync(string sql)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// A connection as Grafana makes it: with the role's own name and password. The TimescaleDB of the tests knows one user alone, who then
    /// takes on the role.
    /// </summary>
    public async Task<NpgsqlConnection> OpenAsReaderAsync()
    {
        reader ??= NpgsqlDataSource.Create(
            timescale is null
                ? new NpgsqlConnectionStringBuilder(connectionString) { Username = Reader, Password = Password }.ConnectionString
                : connectionString);
        var connection = await reader.OpenConnectionAsync();
        if (timescale is not null)
        {
            await using var role = new NpgsqlCommand($"SET ROLE \"{Reader}\"", connection);
            await role.ExecuteNonQueryAsync();
        }

        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (reader is not null)
        {
            await reader.DisposeAsync();
        }

        await owner.DisposeAsync();
        if (timescale is not null)
        {
            await timescale.DisposeAsync();
        }
    }

    private static async Task<DashboardDatabase> FilledAsync(DashboardDatabase database)
    {
        await database.StartApiAsync(("Grafana:DatabasePassword", Password));
        await database.StartAggregatorAsync(("Grafana:DatabasePassword", Password));
        await TwoDays.WriteAsync(database);
        return database;
    }

    private async Task StartAsync((string Name, string? Value)[] settings, Action<IHostApplicationBuilder> add, Func<IServiceProvider, Task> migrate)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFakeLogging();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:portal"] = connectionString });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        add(builder);
        using var host = builder.Build();
        try
        {
            await migrate(host.Services);
        }
        finally
        {
            LogLines.AddRange(host.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message));
        }
    }
}
