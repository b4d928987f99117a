using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Data.TimeSeries;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;
using Portal.TimeSeries.Engines;

namespace Portal.Data.Tests.TimeSeries;

public sealed class TimescaleSchemaTests
{
    private const string Ready = "TimescaleDB hypertable for monitoring.PowerMeasurements is ready";

    private const string Columns = """
        SELECT string_agg(format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)), E'\n' ORDER BY c.relname, a.attname)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'monitoring' AND a.attnum > 0 AND NOT a.attisdropped
           AND c.relname IN ('PowerMeasurements', 'TouchedRanges', 'quarter_hourly_per_device', 'hourly_per_device')
        """;

    [TimescaleFact]
    public async Task A_fresh_database_gets_a_hypertable_and_a_second_start_changes_nothing()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var host = await PortalHost.MigratedAsync(database.ConnectionString);
        Assert.Contains("Applied migration 'InitialCreate'", host.LogLines);
        Assert.Contains(Ready, host.LogLines);
        Assert.Equal(HealthStatus.Healthy, await host.ReadinessAsync());
        var schema = await SchemaText.ReadAsync(host.DataSource);

        await using var again = await PortalHost.MigratedAsync(database.ConnectionString);
        Assert.DoesNotContain("Applied migration 'InitialCreate'", again.LogLines);
        Assert.Contains(Ready, again.LogLines);
        Assert.Equal(schema, await SchemaText.ReadAsync(again.DataSource));
        Assert.Equal(3, await host.ScalarAsync<long>("SELECT count(*) FROM timescaledb_information.jobs WHERE job_id >= 1000"));
    }

    [TimescaleFact]
    public async Task A_plain_table_becomes_a_hypertable_with_all_its_rows()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var host = PortalHost.Create(database.ConnectionString);
        await host.ExecuteAsync(PlainTables.Old);
        var rows = await host.ScalarAsync<string>(PlainTables.Checksum);
        Assert.NotNull(rows);

        await host.Schema.MigrateAsync(null, default);
        await host.Schema.MigrateAsync(null, default);

        Assert.Equal(rows, await host.ScalarAsync<string>(PlainTables.Checksum));
        Assert.Equal(0, await host.ScalarAsync<long>("""SELECT count(*) FROM ONLY monitoring."PowerMeasurements" """));
        Assert.Equal("real", await host.ScalarAsync<string>(
            "SELECT data_type::text FROM information_schema.columns WHERE table_name = 'PowerMeasurements' AND column_name = 'ActivePowerKw'"
        ));
        await BruteForce.AssertRelationsAsync(host);
        await TestPolicies.RunAsync(host);
        await BruteForce.AssertRelationsAsync(host);
    }

    [TimescaleFact]
    public async Task A_table_that_cannot_be_converted_stays_as_it_was_and_the_start_fails()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var host = PortalHost.Create(database.ConnectionString);
        await host.ExecuteAsync(PlainTables.WithDuplicates);

        await Assert.ThrowsAsync<PortalSchemaException>(() => host.Schema.MigrateAsync(null, default));

        Assert.Contains(host.LogLines, line => line.StartsWith("Failed to prepare monitoring.PowerMeasurements: ", StringComparison.Ordinal));
        Assert.Equal(2, await host.ScalarAsync<long>("""SELECT count(*) FROM ONLY monitoring."PowerMeasurements" """));
        Assert.Equal(HealthStatus.Unhealthy, await host.ReadinessAsync());
    }

    [TimescaleFact]
    public async Task A_quantity_that_was_appended_gets_its_column_beside_compressed_rows()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var host = PortalHost.Create(database.ConnectionString);
        await host.ExecuteAsync("CREATE SCHEMA monitoring; CREATE TABLE monitoring.\"Devices\" (\"Id\" integer, \"ExternalId\" text)");
        await using (var connection = await host.DataSource.OpenConnectionAsync())
        {
            await new Bootstrap(PortalSeries.Layout, TimeSeriesEngine.Timescale, [.. Quantities.All.Take(50)]).RunAsync(connection, default);
        }

        await TestRows.WriteAsync(host, TestRow.Of(1, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), 1));
        await TestPolicies.CompressAsync(host);
        await host.ExecuteAsync("DROP FUNCTION monitoring.hourly_energy; DROP TABLE monitoring.\"Devices\"");
        await host.Schema.MigrateAsync(null, default);

        Assert.Equal(HealthStatus.Healthy, await host.ReadinessAsync());
        Assert.Equal(0, await host.ScalarAsync<long>("""SELECT count("LoadType") FROM monitoring."PowerMeasurements" """));
        await BruteForce.AssertRelationsAsync(host);
    }

    [TimescaleFact]
    public async Task Readers_see_the_same_columns_on_both_engines()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var timescale = await PortalHost.MigratedAsync(database.ConnectionString);
        await using var postgres = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("columns"));

        Assert.Equal(await postgres.ScalarAsync<string>(Columns), await timescale.ScalarAsync<string>(Columns));
    }

    [TimescaleFact]
    public async Task A_server_with_TimescaleDB_keeps_plain_tables_where_it_is_told_to()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await using var host = PortalHost.Create(database.ConnectionString, timeSeries: "postgres");
        await host.Schema.MigrateAsync(null, default);

        Assert.Contains(host.LogLines, line => line.StartsWith("Partitioned table for monitoring.PowerMeasurements is ready", StringComparison.Ordinal));
        await TestRows.WriteAsync(host, TestRow.Of(1, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), 1));
        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);

        // It stays so where the engine is found out.
        await using var auto = await PortalHost.MigratedAsync(database.ConnectionString);
        Assert.DoesNotContain(Ready, auto.LogLines);
    }
}
