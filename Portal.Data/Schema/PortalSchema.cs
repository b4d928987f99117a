using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data.Connection;
using Portal.Data.TimeSeries;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>Brings a stack's database to the schema of this assembly. The API alone does it; whoever else starts waits for it.</summary>
public sealed class PortalSchema(
    IDbContextFactory<PortalDbContext> contexts,
    NpgsqlDataSource dataSource,
    ITimeSeries timeSeries,
    TimeProvider clock,
    ILogger<PortalSchema> logger
)
{
    /// <summary>How long a database that doesn't answer yet is waited for: a server recovering after a crash takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Applies the pending migrations one by one, then the time-series bootstrap, then <paramref name="seed"/>, all under one lock: of several
    /// APIs that start at once one does the work, and the others find it done. Repeating it changes nothing.
    /// </summary>
    /// <param name="seed">First rows of the catalogue, or null. It must be repeatable too.</param>
    /// <exception cref="PortalSchemaException">A step failed, its transaction is rolled back; the log has a line with <c>Failed</c>.</exception>
    public async Task MigrateAsync(Func<CancellationToken, Task>? seed, CancellationToken cancellationToken)
    {
        var step = "to reach the database";
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            step = "to take the schema's lock";
            await LockAsync(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
            try
            {
                await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
                {
                    var migrator = context.GetService<IMigrator>();
                    // Asking an absent history table is logged as "Failed …", which deployers are told to look out for.
                    await context.Database.ExecuteSqlAsync($"CREATE SCHEMA IF NOT EXISTS portal", cancellationToken);
                    await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
                    foreach (var migration in await context.Database.GetPendingMigrationsAsync(cancellationToken))
                    {
                        var name = NameOf(migration);
                        step = $"to apply migration '{name}'";
                        await migrator.MigrateAsync(migration, cancellationToken);
                        logger.LogInformation("Applied migration '{Migration}'", name);
                    }
                }

                step = "to prepare monitoring.PowerMeasurements";
                logger.LogReady(PortalSeries.Layout, await timeSeries.BootstrapAsync(connection, cancellationToken));

                if (seed is not null)
                {
                    step = "to seed the catalogue";
                    await seed(cancellationToken);
                }
            }
            finally
            {
                await UnlockAsync(connection);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogCritical(exception, "Failed {Step}: {Reason}", step, exception.Message);
            throw new PortalSchemaException($"Failed {step}: {exception.Message}", exception);
        }
    }

    /// <summary>Null where this assembly's migrations and time series are all there, else a sentence that says what is missing.</summary>
    public async Task<string?> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // EF Core finds out by selecting from it, and logs that as "Failed …".
        await using var history = new NpgsqlCommand("""SELECT to_regclass('portal."__EFMigrationsHistory"') IS NOT NULL""", connection);
        if (await history.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return "no migration is applied yet";
        }

        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if ((await context.Database.GetPendingMigrationsAsync(cancellationToken)).FirstOrDefault() is { } pending)
            {
                return $"migration '{NameOf(pending)}' is not applied yet";
            }
        }

        return await timeSeries.MissingAsync(connection, cancellationToken);
    }

    /// <summary>The operations guide greps for the name without its timestamp.</summary>
    private static string NameOf(string migration) => migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await dataSource.OpenConnectionAsync(cancellationToken);
            }
            catch (NpgsqlException exception) when (exception.IsTransient && clock.GetElapsedTime(started) < Patience)
            {
                logger.LogWarning("The database does not answer yet: {Reason}", exception.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0, // whoever holds it converts a large table, perhaps
            Parameters = { new() { Value = AdvisoryLocks.Schema } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // A connection that was lost has no lock any more, and its loss is what is reported.
        if (connection.State is System.Data.ConnectionState.Open)
        {
            await LockAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }
    }
}
