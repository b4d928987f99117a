using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Portal.Data.Connection;
using Portal.Testing;

namespace Portal.Data.Tests.Catalogue;

public sealed class SchemaTests
{
    private const string Applied = "Applied migration 'InitialCreate'";

    [PostgresFact]
    public async Task A_fresh_database_is_migrated_and_a_second_start_changes_nothing()
    {
        var database = await PostgresServer.CreateDatabaseAsync("schema");
        await using var first = await PortalHost.MigratedAsync(database);
        Assert.Equal(1, first.LogLines.Count(line => line == Applied));
        Assert.Contains(first.LogLines, line => line.StartsWith("Partitioned table for monitoring.PowerMeasurements is ready", StringComparison.Ordinal));
        var schema = await SchemaText.ReadAsync(first.DataSource);

        await using var second = await PortalHost.MigratedAsync(database);
        Assert.DoesNotContain(Applied, second.LogLines);
        Assert.Equal(schema, await SchemaText.ReadAsync(second.DataSource));
    }

    [PostgresFact]
    public async Task Two_APIs_that_start_at_once_migrate_once_and_both_become_ready()
    {
        var database = await PostgresServer.CreateDatabaseAsync("schema");
        await using var one = PortalHost.Create(database, api: true);
        await using var other = PortalHost.Create(database, api: true);
        Assert.Equal(HealthStatus.Unhealthy, await one.ReadinessAsync());

        await Task.WhenAll(one.StartAsync(), other.StartAsync());
        await PortalHost.EventuallyAsync(async () => await one.ReadinessAsync() is HealthStatus.Healthy, "the first API is ready");
        await PortalHost.EventuallyAsync(async () => await other.ReadinessAsync() is HealthStatus.Healthy, "the second API is ready");

        Assert.Equal(1, one.LogLines.Concat(other.LogLines).Count(line => line == Applied));
    }

    [PostgresFact]
    public async Task Another_service_is_not_ready_until_the_API_has_migrated()
    {
        var database = await PostgresServer.CreateDatabaseAsync("schema");
        await using var ingest = PortalHost.Create(database);
        await ingest.StartAsync();
        Assert.Equal(HealthStatus.Unhealthy, await ingest.ReadinessAsync());

        await using var api = PortalHost.Create(database, api: true);
        await api.StartAsync();
        await PortalHost.EventuallyAsync(async () => await ingest.ReadinessAsync() is HealthStatus.Healthy, "ingest is ready");
    }

    [PostgresFact]
    public async Task What_a_newer_release_added_does_not_make_an_older_service_unready()
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("schema"));
        await host.ExecuteAsync("""INSERT INTO portal."__EFMigrationsHistory" VALUES ('29991231000000_Later', '99.0')""");
        await host.ExecuteAsync("""INSERT INTO monitoring."TimeSeriesVersions" ("Script") VALUES ('Postgres/versions/9999_later')""");
        await host.ExecuteAsync("""ALTER TABLE monitoring."PowerMeasurements" ADD COLUMN "Later" real""");

        Assert.Equal(HealthStatus.Healthy, await host.ReadinessAsync());
    }

    [PostgresTheory]
    [InlineData("""DELETE FROM portal."__EFMigrationsHistory" """)]
    [InlineData("""DELETE FROM monitoring."TimeSeriesVersions" WHERE "Script" LIKE '%roll_ups'""")]
    [InlineData("""ALTER TABLE monitoring."PowerMeasurements" DROP COLUMN "LoadType" """)]
    public async Task A_service_is_not_ready_while_a_part_of_the_schema_is_missing(string damage)
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("schema"));
        await host.ExecuteAsync(damage);

        Assert.Equal(HealthStatus.Unhealthy, await host.ReadinessAsync());
    }

    [PostgresFact]
    public async Task A_failing_migration_ends_the_process_with_a_line_that_says_Failed()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("schema"), api: true);
        await host.ExecuteAsync("""CREATE SCHEMA monitoring; CREATE TABLE monitoring."Sites" ("Id" integer)""");
        var exitCode = Environment.ExitCode;
        try
        {
            await host.StartAsync();
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await PortalHost.EventuallyAsync(() => Task.FromResult(stopping.IsCancellationRequested), "the host stops");

            Assert.Equal(1, Environment.ExitCode);
            Assert.Contains(host.LogLines, line => line.StartsWith("Failed to apply migration 'InitialCreate': ", StringComparison.Ordinal));
            Assert.Equal(HealthStatus.Unhealthy, await host.ReadinessAsync());
            Assert.Null(await host.ScalarAsync<string>("SELECT to_regclass('monitoring.\"Devices\"')::text"));
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    [PostgresFact]
    public async Task The_seed_runs_under_the_lock_and_its_failure_is_a_failed_start()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("schema"));
        var failure = await Assert.ThrowsAsync<PortalSchemaException>(() =>
            host.Schema.MigrateAsync(
                async cancellationToken =>
                {
                    Assert.Null(await host.Schema.MissingAsync(cancellationToken));
                    Assert.False(await host.ScalarAsync<bool>($"SELECT pg_try_advisory_lock({AdvisoryLocks.Schema})"));
                    throw new InvalidOperationException("no password");
                },
                CancellationToken.None
            )
        );

        Assert.Equal("Failed to seed the catalogue: no password", failure.Message);
        Assert.Contains(failure.Message, host.LogLines);
        Assert.True(await host.ScalarAsync<bool>($"SELECT pg_try_advisory_lock({AdvisoryLocks.Schema})"));
    }

    [Fact]
    public async Task A_database_that_never_answers_is_given_up_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        await using var host = PortalHost.Create("Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=secret", clock: clock);

        var migrating = host.Schema.MigrateAsync(null, CancellationToken.None);
        await PortalHost.EventuallyAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(migrating.IsCompleted);
            },
            "the migration gives up"
        );

        await Assert.ThrowsAsync<PortalSchemaException>(() => migrating);
        Assert.Contains(host.LogLines, line => line.StartsWith("The database does not answer yet", StringComparison.Ordinal));
        Assert.Contains(host.LogLines, line => line.StartsWith("Failed to reach the database", StringComparison.Ordinal));
        Assert.DoesNotContain(host.LogLines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task The_migrations_are_those_of_the_model()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("schema"));
        await using var context = await host.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.EndsWith("_InitialCreate", context.Database.GetMigrations().First(), StringComparison.Ordinal);
    }
}
