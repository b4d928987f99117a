using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data.Tests;

/// <summary>A service's host as its Program.cs builds it, without HTTP.</summary>
internal sealed class PortalHost : IAsyncDisposable
{
    private readonly IHost host;

    private PortalHost(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public NpgsqlDataSource DataSource => Services.GetRequiredService<NpgsqlDataSource>();

    public PortalSchema Schema => Services.GetRequiredService<PortalSchema>();

    public ITimeSeries TimeSeries => Services.GetRequiredService<ITimeSeries>();

    public IEnumerable<string> LogLines => Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message);

    /// <param name="api">True for the service that migrates.</param>
    /// <param name="dataSource">To take in place of the service's own.</param>
    /// <param name="gathersDays">True where the service that migrates lays days together too, moves rows and uses connections at any time.</param>
    public static PortalHost Create(
        string connectionString,
        bool api = false,
        TimeProvider? clock = null,
        string timeSeries = "auto",
        NpgsqlDataSource? dataSource = null,
        bool gathersDays = false
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFakeLogging();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:portal"] = connectionString,
                ["Database:TimeSeries"] = timeSeries,
                ["Measurements:GatherDays"] = gathersDays ? "true" : "false",
            }
        );
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        builder.AddPortalData();
        builder.Services.AddMeasurementWriter();
        if (api)
        {
            builder.AddPortalSchema();
        }

        if (dataSource is not null)
        {
            builder.Services.AddSingleton(dataSource);
        }

        return new PortalHost(builder.Build());
    }

    /// <summary>A host whose database has the schema.</summary>
    public static async Task<PortalHost> MigratedAsync(string connectionString, TimeProvider? clock = null)
    {
        var host = Create(connectionString, clock: clock);
        await host.Schema.MigrateAsync(null, CancellationToken.None);
        return host;
    }

    public Task StartAsync() => host.StartAsync();

    public async Task<HealthStatus> ReadinessAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"), default)).Status;

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<int> ExecuteAsync([StringSyntax("sql")] string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits for what another loop brings about; a minute is for a machine that does ten other things.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"It never came about that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
