using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.FleetPush;
using Portal.Domain.Measurements;
using Portal.Ingest.FleetPush;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>A stack that pushes to a <see cref="FleetReceiver"/>: both on real sockets, a real database, a fast clock.</summary>
internal sealed class PushStack : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private PushStack(FleetReceiver fleet, IngestHost host, string database) => (Fleet, Host, Database) = (fleet, host, database);

    public FleetReceiver Fleet { get; }

    public IngestHost Host { get; set; }

    /// <summary>Its connection string.</summary>
    public string Database { get; }

    /// <param name="settings">Besides <c>FleetIngest</c>'s usual ones; an empty value takes one out.</param>
    /// <param name="prepare">Done before the service starts to push.</param>
    public static async Task<PushStack> StartAsync(
        Dictionary<string, string>? settings = null,
        Func<PushStack, Task>? prepare = null,
        string? database = null
    )
    {
        var fleet = await FleetReceiver.StartAsync();
        database ??= await PostgresServer.CreateDatabaseAsync("push");
        var quiet = await IngestHost.StartAsync(database);
        var stack = new PushStack(fleet, quiet, database);
        if (prepare is not null)
        {
            await prepare(stack);
        }

        await quiet.DisposeAsync();
        stack.Host = await stack.StartHostAsync(settings);
        return stack;
    }

    public static FleetPusher Pusher(IngestHost host) => host.Services.GetRequiredService<FleetPusher>();

    /// <summary>One more replica on the same database.</summary>
    public Task<IngestHost> StartHostAsync(Dictionary<string, string>? settings = null)
    {
        var all = new Dictionary<string, string>
        {
            ["FleetIngest:Enabled"] = "true",
            ["FleetIngest:Url"] = Fleet.Address,
            ["FleetIngest:Token"] = Fleet.Token.Reveal(),
            ["FleetIngest:IntervalSeconds"] = "5",
        };
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        return IngestHost.StartAsync(Database, all, services => services.AddSingleton<TimeProvider>(new FastClock()));
    }

    /// <summary>Ends the service as an orchestrator does, and starts it again.</summary>
    public async Task RestartAsync(Dictionary<string, string>? settings = null)
    {
        await Host.DisposeAsync();
        Host = await StartHostAsync(settings);
    }

    public async Task<Guid> SiteAsync() => await Host.Catalogue.AddSiteAsync();

    /// <summary>A new device; answers its key.</summary>
    public async Task<int> DeviceAsync(Guid site, string serial)
    {
        var now = TimeProvider.System.GetUtcNow();
        var device = new Device { SiteId = site, Name = serial, ExternalId = serial, Role = DeviceRole.Main, CreatedAt = now };
        Assert.Equal(AdmissionOutcome.Done, (await Admission.CreateAsync(device, Audit(now), CancellationToken.None)).Outcome);
        return device.Id;
    }

    public Task DeleteAsync(int device) => Admission.DeleteAsync(device, Audit(TimeProvider.System.GetUtcNow()), CancellationToken.None);

    /// <summary>As the API does it.</summary>
    public async Task DeleteSiteAsync(Guid site)
    {
        await using var db = new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql(Database).Options);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Sites.Where(s => s.Id == site).ExecuteDeleteAsync();
        await DeletedSites.NoteAsync(db, site, CancellationToken.None);
        await transaction.CommitAsync();
    }

    /// <summary>Posts rows a minute apart to ingest, each with a number in <c>energyImportKwh</c>, and other values where given.</summary>
    public async Task PostAsync(string serial, DateTimeOffset from, int rows, string more = "")
    {
        var json = Enumerable.Range(0, rows).Select(i => $$"""{"externalId":"{{serial}}","time":"{{from.AddMinutes(i):O}}","energyImportKwh":{{i}}.7{{more}}}""");
        var body = $$"""{"measurements":[{{string.Join(',', json)}}]}""";
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await Host.PostJsonAsync("/api/ingest/measurements", body);
                Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
                return response.StatusCode == HttpStatusCode.OK; // else again, as a meter does
            },
            "the post is taken"
        );
    }

    /// <summary>Changes the database while no service runs.</summary>
    public async Task ForgetAsync(string sql, DateTimeOffset before)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(Database);
        foreach (var statement in sql.Split(';'))
        {
            await using var command = database.CreateCommand(statement);
            if (statement.Contains("$1", StringComparison.Ordinal))
            {
                command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = before.UtcDateTime });
            }

            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<PushState?> StateAsync() => await new PushReport(Host.Database).ReadAsync(CancellationToken.None);

    public Task<long> NotesAsync() => Host.Catalogue.ScalarAsync<long>("""SELECT count(*) FROM monitoring."OutboxRanges" """);

    /// <summary>Waits until nothing waits to be pushed, then both sides must hold the same rows with the same values, bit by bit.</summary>
    public async Task AssertSameAsync()
    {
        for (var started = TimeProvider.System.GetTimestamp(); !(await StateAsync() is { LastSuccessAt: not null } && await NotesAsync() == 0 && await SameRowsAsync()); )
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"Not all is pushed: {await NotesAsync()} notes, {await StateAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var stored = await StoredAsync();
        var received = Fleet.Rows();
        Assert.Equal(stored.Keys.Order().ToArray(), received.Keys.Order().ToArray());
        foreach (var (key, values) in stored)
        {
            Assert.Equal(values.OrderBy(value => value.Key).ToArray(), received[key].Select(Bits).OrderBy(value => value.Key).ToArray());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Fleet.DisposeAsync();
    }

    private async Task<bool> SameRowsAsync() => (await StoredAsync()).Count == Fleet.Rows().Count;

    private DeviceAdmission Admission => ActivatorUtilities.CreateInstance<DeviceAdmission>(Host.Services);

    private static AuditEntry Audit(DateTimeOffset now) => new() { At = now, Actor = "test", Action = "device", Subject = "device", Details = "{}" };

    private async Task<Dictionary<(string ExternalId, DateTimeOffset Time), Dictionary<string, string>>> StoredAsync()
    {
        await using var command = Host.Database.CreateCommand(
            $"""
            SELECT d."ExternalId", m."Time"{string.Concat(Quantities.All.Select(q => $", m.\"{q.Column}\""))}
              FROM monitoring."PowerMeasurements" m JOIN monitoring."Devices" d ON d."Id" = m."DeviceId"
            """
        );
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<(string, DateTimeOffset), Dictionary<string, string>>();
        while (await reader.ReadAsync())
        {
            var values = new Dictionary<string, string>();
            foreach (var quantity in Quantities.All)
            {
                switch (reader.GetValue(quantity.Index + 2))
                {
                    case float real:
                        values.Add(quantity.Name, $"{BitConverter.SingleToInt32Bits(real):X8}");
                        break;
                    case double register:
                        values.Add(quantity.Name, $"{BitConverter.DoubleToInt64Bits(register):X16}");
                        break;
                    case string letter:
                        values.Add(quantity.Name, letter);
                        break;
                }
            }

            rows.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)), values);
        }

        return rows;
    }

    private static KeyValuePair<string, string> Bits(KeyValuePair<string, JsonElement> value) =>
        new(
            value.Key,
            value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()!
            : Quantities.ByName[value.Key].Kind == QuantityKind.Register ? $"{BitConverter.DoubleToInt64Bits(value.Value.GetDouble()):X16}"
            : $"{BitConverter.SingleToInt32Bits((float)value.Value.GetDouble()):X8}"
        );
}
