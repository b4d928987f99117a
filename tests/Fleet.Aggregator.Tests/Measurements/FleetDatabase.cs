using System.Diagnostics.CodeAnalysis;
using Fleet.Aggregator.Measurements;
using Fleet.Aggregator.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using Portal.Testing;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>The aggregator's storage on a database of its own, without HTTP and without its background loops.</summary>
internal sealed class FleetDatabase : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly IHost host;

    private FleetDatabase(IHost host) => this.host = host;

    public NpgsqlDataSource DataSource => Get<NpgsqlDataSource>();

    public PushWriter Writer => Get<PushWriter>();

    public ITimeSeries TimeSeries => Get<ITimeSeries>();

    public IEnumerable<string> LogLines => host.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message);

    /// <summary>On plain PostgreSQL, migrated.</summary>
    public static async Task<FleetDatabase> CreateAsync() => await MigratedAsync(await PostgresServer.CreateDatabaseAsync("fleet"));

    public static async Task<FleetDatabase> MigratedAsync(string connectionString)
    {
        var database = On(connectionString);
        await database.MigrateAsync();
        return database;
    }

    /// <param name="settings">More settings, by their names with colons.</param>
    public static FleetDatabase On(string connectionString, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFakeLogging();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:portal"] = connectionString });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(new StoppedClock());
        builder.AddFleetStorage();
        return new FleetDatabase(builder.Build());
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public Task MigrateAsync() => Get<FleetSchema>().MigrateAsync(CancellationToken.None);

    /// <summary>What the schema lacks of its time series, or null.</summary>
    public async Task<string?> MissingAsync()
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return await TimeSeries.MissingAsync(connection, CancellationToken.None);
    }

    /// <summary>A writer of another process: it knows nothing of what this one has written.</summary>
    public PushWriter FreshWriter() => ActivatorUtilities.CreateInstance<PushWriter>(host.Services);

    /// <summary>A new customer's key.</summary>
    public Task<int> CustomerAsync(string code) =>
        ScalarAsync<int>(
            """INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt") VALUES ($1, $1, true, now()) RETURNING "Id" """,
            code
        );

    /// <summary>A new device's key.</summary>
    public Task<int> DeviceAsync(int customer, string externalId) =>
        ScalarAsync<int>(
            """INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role") VALUES ($1, $2, $2, 'main') RETURNING "Id" """,
            customer,
            externalId
        );

    /// <summary>Passes until there is nothing left to do.</summary>
    public async Task RefreshAllAsync()
    {
        while (await TimeSeries.RefreshAsync(CancellationToken.None) is not { Notes: 0 }) { }
    }

    public async Task<T> ScalarAsync<T>([StringSyntax("sql")] string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync([StringSyntax("sql")] string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>An answer as text, a line a row: to compare with another's.</summary>
    public async Task<string> TableAsync([StringSyntax("sql")] string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={Text(reader, i)}")));
        }

        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)host).DisposeAsync();

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    /// <summary>It always says the same, while timers run: a write that waits for another one really waits.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    // Sums of doubles are made in another order on either engine.
    private static string Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? "null"
        : reader.GetValue(column) switch
        {
            double value => value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture),
            DateTime time => time.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            var other => other.ToString()!,
        };
}
