using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Fleet.Aggregator.Storage;

/// <summary>
/// Brings the <c>fleet</c> schema up to date before the aggregator reports ready. Only the aggregator does; several starting at
/// once take turns. A migration that fails ends the process: a fleet on half a schema would lose what is pushed to it.
/// </summary>
internal sealed class FleetSchema(IServiceScopeFactory scopes, NpgsqlDataSource dataSource, string source, ILogger<FleetSchema> logger)
    : BackgroundService,
        IHealthCheck
{
    // Any constant that is the same in all aggregators and used for nothing else: "fleet" in ASCII.
    private const long MigrationLock = 0x66_6C_65_65_74;

    // A database that starts beside us is there within seconds; one that is misconfigured never is.
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private volatile bool ready;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!ready)
        {
            return HealthCheckResult.Unhealthy("The fleet schema is not migrated yet.");
        }

        await using var command = dataSource.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logger.LogInformation("Database connection resolved via {Source}", source);
        while (!ready)
        {
            try
            {
                await MigrateAsync(stoppingToken);
                ready = true;
            }
            catch (NpgsqlException exception) when (exception.IsTransient)
            {
                logger.LogWarning("The database is not reachable yet, trying again: {Reason}", exception.Message);
                await Task.Delay(RetryEvery, TimeProvider.System, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogCritical(exception, "Failed to migrate the fleet schema. Nothing was half applied; fix the cause and start again");
                throw;
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationLock})", connection);
        await take.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var fleet = scope.ServiceProvider.GetRequiredService<FleetDbContext>();
            // Asking an absent history table is logged as "Failed …", which deployers are told to look out for.
            await fleet.Database.ExecuteSqlAsync($"CREATE SCHEMA IF NOT EXISTS fleet", cancellationToken);
            await fleet.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            foreach (var migration in await fleet.Database.GetPendingMigrationsAsync(cancellationToken))
            {
                await fleet.GetService<IMigrator>().MigrateAsync(migration, cancellationToken);
                logger.LogInformation("Applied migration '{Migration}'", migration[(migration.IndexOf('_') + 1)..]);
            }
        }
        finally
        {
            await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({MigrationLock})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
