using System.Data;
using Fleet.Aggregator.Measurements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Storage;

/// <summary>
/// Brings the <c>fleet</c> schema up to date before the aggregator reports ready. Only the aggregator does; several starting at
/// once take turns. A migration that fails ends the process: a fleet on half a schema would lose what is pushed to it.
/// </summary>
internal sealed class FleetSchema(
    IServiceScopeFactory scopes,
    NpgsqlDataSource dataSource,
    ITimeSeries timeSeries,
    SchemaReady ready,
    TimeProvider clock,
    ILogger<FleetSchema> logger
) : BackgroundService, IHealthCheck
{
    // A database that starts beside us is there within seconds; one that is misconfigured never is.
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!ready.Task.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("The fleet schema is not migrated yet.");
        }

        await using var command = dataSource.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!ready.Task.IsCompleted)
        {
            try
            {
                await MigrateAsync(stoppingToken);
                ready.Set();
            }
            catch (NpgsqlException exception) when (exception.IsTransient)
            {
                logger.LogWarning("The database is not reachable yet, trying again: {Reason}", exception.Message);
                await Task.Delay(RetryEvery, clock, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogCritical(
                    exception,
                    "Failed to migrate the fleet schema: {Reason}. Nothing was half applied; fix the cause and start again",
                    exception.Message.TrimEnd('.')
                );
                throw;
            }
        }
    }

    internal async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
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

            logger.LogReady(FleetSeries.Layout, await timeSeries.BootstrapAsync(connection, cancellationToken));
        }
        finally
        {
            // A connection that was lost has no lock any more, and its loss is what is reported.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await LockAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0, // whoever holds it migrates a large table, perhaps
            Parameters = { new() { Value = FleetLocks.Schema } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
