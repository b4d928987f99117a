using System.Net;
using System.Net.Http.Json;
using Fleet.Aggregator.Push;
using Fleet.Aggregator.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests;

/// <summary>The aggregator on Kestrel and on a database of its own, beside a stack's API. One per test class.</summary>
public class AggregatorApp : IAsyncLifetime
{
    private WebApplicationFactory<FleetDbContext>? factory;
    private Uri? address;
    private int registered;

    public StackApi Api { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public IServiceProvider Services => factory!.Services;

    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    protected virtual void Configure(IServiceCollection services) { }

    /// <summary>A new, empty database; null where this machine can have none.</summary>
    protected virtual async Task<string?> CreateDatabaseAsync() => PostgresServer.Missing is null ? await PostgresServer.CreateDatabaseAsync("fleet") : null;

    /// <summary>What the aggregator connects to, if not to the database itself.</summary>
    protected virtual string Through(string connectionString) => connectionString;

    public async Task InitializeAsync()
    {
        if (await CreateDatabaseAsync() is not { } connectionString)
        {
            return;
        }

        Api = await StackApi.StartAsync();
        // A test that fills tables may take longer than the 30 s after which several statements in one text end as if nothing was wrong, undone.
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 300 });
        factory = new WebApplicationFactory<FleetDbContext>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production");
            host.UseUrls("http://127.0.0.1:0");
            host.UseSetting("ConnectionStrings:portal", Through(connectionString));
            host.UseSetting("Database:TimeSeries", "postgres");
            host.UseSetting("services:api:http:0", Api.Url);
            host.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (name, value) in Settings)
            {
                host.UseSetting(name, value);
            }

            host.ConfigureServices(Configure);
        });
        factory.UseKestrel();
        factory.StartServer();
        using (var client = factory.CreateClient())
        {
            address = client.BaseAddress;
        }

        await ReadyAsync();
    }

    /// <summary>A client with the session of somebody in this role; null: not signed in.</summary>
    public HttpClient As(string? role)
    {
        // The factory's own clients follow redirects, for which they read a request's whole body beforehand, and add a trace of their own.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = address,
        };
        if (role is not null)
        {
            client.DefaultRequestHeaders.Add("Cookie", $"portal-session={role}");
        }

        return client;
    }

    /// <summary>A customer as an operator registers it, and its stack.</summary>
    public async Task<Pusher> RegisterAsync(string? code = null)
    {
        code ??= $"CUST{Interlocked.Increment(ref registered):0000}";
        using var operators = As("Admin");
        using var answer = await operators.PostAsJsonAsync("/api/fleet/customers", new { code, name = "Customer " + code });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var customer = (await answer.Content.ReadFromJsonAsync<CustomerToken>())!;
        return new Pusher(As(null), customer.Id, code, customer.Token);
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public Task ExecuteAsync(string sql, params object[] parameters) => ScalarAsync<object>(sql, parameters);

    /// <summary>Holds a customer's row, and with it every write of its batches, until it is disposed.</summary>
    public async Task<HeldCustomer> HoldAsync(Pusher stack, string how = "FOR NO KEY UPDATE")
    {
        var connection = await Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"""SELECT FROM fleet."Customers" WHERE "Id" = $1 {how}""", connection, transaction);
        hold.Parameters.Add(new NpgsqlParameter { Value = stack.Id });
        await hold.ExecuteNonQueryAsync();
        return new HeldCustomer(connection, transaction);
    }

    /// <summary>Sends the same once for each writer while a customer is held, so that all of them are at it: one after the other, else one of them takes several.</summary>
    public async Task<Task<T>[]> OccupyAsync<T>(Func<Task<T>> send)
    {
        var sent = new List<Task<T>>();
        while (sent.Count < PushPipeline.Writers)
        {
            sent.Add(send());
            await Eventually.TrueAsync(async () => await WaitingAsync() == sent.Count, $"{sent.Count} writers wait");
        }

        return [.. sent];
    }

    /// <summary>Transactions that wait for somebody else's lock in this database.</summary>
    public Task<long> WaitingAsync() =>
        ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    /// <summary>A customer's events, oldest first.</summary>
    public async Task<List<StoredEvent>> EventsAsync(int customerId)
    {
        await using var command = Database.CreateCommand(
            """
            SELECT "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected", "MinTime", "MaxTime",
                   "ReceivedAt", "DurationMs", "Bytes", "TraceId", "Error"
              FROM fleet."IngestEvents" WHERE "CustomerId" = $1 ORDER BY "Id"
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = customerId });
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            events.Add(
                new StoredEvent(
                    reader.IsDBNull(0) ? null : reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetInt32(2),
                    new Counts(reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6)),
                    reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                    reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                    reader.GetFieldValue<DateTimeOffset>(9),
                    reader.GetDouble(10),
                    reader.GetInt64(11),
                    reader.IsDBNull(12) ? null : reader.GetString(12),
                    reader.IsDBNull(13) ? null : reader.GetString(13)
                )
            );
        }

        return events;
    }

    public virtual async Task DisposeAsync()
    {
        if (factory is null)
        {
            return;
        }

        await factory.DisposeAsync();
        await Database.DisposeAsync();
        await Api.DisposeAsync();
    }

    private async Task ReadyAsync()
    {
        using var client = As(null);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await client.GetAsync("/health/ready", deadline.Token)).IsSuccessStatusCode)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}

/// <summary>A transaction that has a customer's row and takes its time.</summary>
public sealed class HeldCustomer(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}

public sealed record Counts(int Received, int Accepted, int Duplicate, int Rejected);

public sealed record StoredEvent(
    Guid? BatchId,
    string BatchType,
    int Status,
    Counts Rows,
    DateTimeOffset? MinTime,
    DateTimeOffset? MaxTime,
    DateTimeOffset ReceivedAt,
    double DurationMs,
    long Bytes,
    string? TraceId,
    string? Error
);
