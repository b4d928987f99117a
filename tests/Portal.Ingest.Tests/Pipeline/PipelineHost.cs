using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Data;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;
using Portal.Ingest.Pipeline;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Ingest.Tests.Pipeline;

/// <summary>The pipeline on a database of its own, without HTTP. While the catalogue is held nothing gets written, so posts pile up.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly IHost host;
    private readonly MeterListener commits = new();
    private readonly List<int> postsByCommit = [];

    private PipelineHost(IHost host) => this.host = host;

    public NpgsqlDataSource DataSource => host.Services.GetRequiredService<NpgsqlDataSource>();

    public IngestPipeline Pipeline => host.Services.GetRequiredService<IngestPipeline>();

    public PostQueue Queue => host.Services.GetRequiredService<PostQueue>();

    /// <summary>How many posts each commit had, oldest first.</summary>
    public List<int> Commits
    {
        get
        {
            lock (postsByCommit)
            {
                return [.. postsByCommit];
            }
        }
    }

    public static async Task<PipelineHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:portal"] = await PostgresServer.CreateDatabaseAsync("pipeline") }
        );
        builder.Services.AddMetrics();
        builder.AddPortalData();
        builder.AddPipeline();
        builder.Services.AddDeviceAdmission();
        var started = new PipelineHost(builder.Build());
        await started.host.Services.GetRequiredService<PortalSchema>().MigrateAsync(null, CancellationToken.None);
        started.Listen();
        await started.host.StartAsync();
        return started;
    }

    public async Task DeviceAsync(string externalId, string zone = "Etc/UTC")
    {
        var site = Guid.CreateVersion7();
        await using var insert = DataSource.CreateCommand(
            """INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ($1, 'Site', $2, now())"""
        );
        insert.Parameters.Add(new() { Value = site });
        insert.Parameters.Add(new() { Value = zone });
        await insert.ExecuteNonQueryAsync();
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var created = await host
            .Services.GetRequiredService<DeviceAdmission>()
            .CreateAsync(
                new Device { Name = externalId, ExternalId = externalId, SiteId = site, CreatedAt = at },
                new AuditEntry { At = at, Actor = "test", Action = "device.created", Subject = externalId },
                CancellationToken.None
            );
        Assert.Equal(AdmissionOutcome.Done, created.Outcome);
    }

    /// <summary>Holds the catalogue, and with it every write, until it is disposed. Both writers are at a post of <paramref name="device"/> by then.</summary>
    public async Task<HeldCatalogue> HoldAsync(string device)
    {
        var held = await HeldCatalogue.TakeAsync(DataSource);
        for (var writer = 0; writer < 2; writer++)
        {
            held.Busy.Add(Pipeline.SubmitAsync(Post(device, 1_000 + writer), CancellationToken.None));
            await UntilAsync(() => Queue.Posts == 0);
        }

        return held;
    }

    /// <summary>A row at a minute of an hour long gone, with one value.</summary>
    public static DecodedPost Post(string device, int minute, bool isLocal = false, Quantity? quantity = null)
    {
        var batch = new MeasurementBatch();
        var time = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute).Ticks;
        var row = batch.Add(new RowKey(batch.Device(device), time, isLocal, 0), out _);
        batch.Fill(row, quantity ?? Quantities.FrequencyHz, 50);
        return new DecodedPost(batch);
    }

    public async Task<long> RowsAsync(string device)
    {
        await using var count = DataSource.CreateCommand(
            """
            SELECT count(*) FROM monitoring."PowerMeasurements" m JOIN monitoring."Devices" d ON d."Id" = m."DeviceId" WHERE d."ExternalId" = $1
            """
        );
        count.Parameters.Add(new() { Value = device });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "It did not come to that in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(Deadline))
        {
            await host.StopAsync(patience.Token);
        }

        commits.Dispose();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private void Listen()
    {
        var own = host.Services.GetRequiredService<IMeterFactory>();
        commits.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "portal.ingest.commit.posts" && ReferenceEquals(instrument.Meter.Scope, own))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        commits.SetMeasurementEventCallback<int>(
            (_, posts, _, _) =>
            {
                lock (postsByCommit)
                {
                    postsByCommit.Add(posts);
                }
            }
        );
        commits.Start();
    }
}

/// <summary>A transaction that changes the catalogue and takes its time.</summary>
internal sealed class HeldCatalogue(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>What the two writers are at.</summary>
    public List<Task<WriteResult>> Busy { get; } = [];

    public int ProcessId => connection.ProcessID;

    public static async Task<HeldCatalogue> TakeAsync(NpgsqlDataSource dataSource)
    {
        var connection = await dataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await CatalogueLock.TakeExclusiveAsync(connection, transaction, CancellationToken.None);
        return new HeldCatalogue(connection, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
