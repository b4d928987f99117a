using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Testing;
using Portal.TimeSeries;
using Portal.TimeSeries.Writing;

namespace Portal.Data.Tests.Measurements;

/// <summary>A migrated database with one site in each of two time zones, and the writer and the admission as a service has them.</summary>
public class WriterDatabase : IAsyncLifetime
{
    private IHost? host;
    private int devices;

    public DateTimeOffset Now => Clock.Now;

    internal TestClock Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public NpgsqlDataSource DataSource => Get<NpgsqlDataSource>();

    public MeasurementWriter Writer => Get<MeasurementWriter>();

    public DeviceAdmission Admission => Get<DeviceAdmission>();

    /// <summary>On UTC.</summary>
    public Guid Site { get; } = Guid.CreateVersion7();

    /// <summary>On the clock of New York: 2026-03-08 has 23 hours, 2026-11-01 has 25.</summary>
    public Guid NewYork { get; } = Guid.CreateVersion7();

    public T Get<T>()
        where T : notnull => host!.Services.GetRequiredService<T>();

    /// <summary>What a metric of the writer or the quarantine counts from now on.</summary>
    public MetricCollector<T> Collect<T>(string name)
        where T : struct => new(Get<IMeterFactory>(), name.StartsWith("portal.quarantine", StringComparison.Ordinal) ? "Portal.Data" : WriterMetrics.MeterName, name);

    public virtual async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            await StartAsync(await PostgresServer.CreateDatabaseAsync("writer"));
        }
    }

    protected async Task StartAsync(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:portal"] = connection, ["Quarantine:MaxBytes"] = (1 << 20).ToString() }
        );
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddPortalData();
        builder.Services.AddMeasurementWriter().AddDeviceAdmission();
        host = builder.Build();
        await Get<PortalSchema>().MigrateAsync(null, CancellationToken.None);
        await ExecuteAsync(
            """INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ($1, 'UTC', 'Etc/UTC', now()), ($2, 'NY', 'America/New_York', now())""",
            Site,
            NewYork
        );
    }

    public virtual async Task DisposeAsync()
    {
        if (host is not null)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    /// <summary>A new device; its serial if not given.</summary>
    public async Task<Device> DeviceAsync(Guid? site = null, string? externalId = null)
    {
        var device = new Device
        {
            Name = "Meter",
            ExternalId = externalId ?? $"AN{Interlocked.Increment(ref devices):D5}",
            SiteId = site ?? Site,
            CreatedAt = Now,
        };
        var result = await Admission.CreateAsync(device, Audit("device.created"), CancellationToken.None);
        Assert.Equal(AdmissionOutcome.Done, result.Outcome);
        return device;
    }

    public AuditEntry Audit(string action) => new() { At = Now, Actor = "test", Action = action, Subject = "device" };

    /// <summary>A writer of another process: it knows nothing of what this one has written.</summary>
    internal MeasurementWriter FreshWriter() => ActivatorUtilities.CreateInstance<MeasurementWriter>(host!.Services);

    internal MeasurementWriter WriterOn(NpgsqlDataSource dataSource) => ActivatorUtilities.CreateInstance<MeasurementWriter>(host!.Services, dataSource);

    public async Task<int> ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Tells any change of any stored row, even one that only rewrites it: where it lies, who wrote it, what is in it.</summary>
    public Task<string> FingerprintAsync() =>
        ScalarAsync<string>(
            """
            SELECT coalesce(md5(string_agg(md5(t.tableoid::text || t.ctid::text || t.xmin::text || t.xmax::text || t::text), '' ORDER BY "DeviceId", "Time")), '')
              FROM monitoring."PowerMeasurements" t
            """
        );

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}

/// <summary>The same on TimescaleDB.</summary>
public sealed class TimescaleWriterDatabase : WriterDatabase
{
    private readonly TimescaleDatabase database = new();

    public override async Task InitializeAsync()
    {
        if (TimescaleDatabase.MissingReason is null)
        {
            await database.InitializeAsync();
            await StartAsync(database.ConnectionString);
        }
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }
}
