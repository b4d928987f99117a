using Portal.Data.TimeSeries;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;
using Portal.TimeSeries.Engines;

namespace Portal.Data.Tests.TimeSeries;

public sealed class PostgresConversionTests
{
    [PostgresFact]
    public async Task A_plain_table_becomes_a_partitioned_one_with_all_its_rows()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("conversion"));
        await host.ExecuteAsync(PlainTables.Old);
        var rows = await host.ScalarAsync<string>(PlainTables.Checksum);
        Assert.NotNull(rows);

        await host.Schema.MigrateAsync(null, default);

        Assert.Equal("p", await host.ScalarAsync<string>("""SELECT relkind::text FROM pg_class WHERE oid = 'monitoring."PowerMeasurements"'::regclass"""));
        Assert.Equal(rows, await host.ScalarAsync<string>(PlainTables.Checksum));
        Assert.Equal(500, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "ReceivedAt" = "Time" """));
        Assert.Null(await host.ScalarAsync<string>("""SELECT to_regclass('monitoring."PowerMeasurements_plain"')::text"""));
        await BruteForce.AssertRelationsAsync(host);
        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);

        await host.Schema.MigrateAsync(null, default);
        Assert.Equal(rows, await host.ScalarAsync<string>(PlainTables.Checksum));
    }

    [PostgresFact]
    public async Task A_table_that_cannot_be_converted_stays_as_it_was_and_the_start_fails()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("conversion"));
        await host.ExecuteAsync(PlainTables.WithDuplicates);

        var failure = await Assert.ThrowsAsync<PortalSchemaException>(() => host.Schema.MigrateAsync(null, default));

        Assert.Contains("0030_measurements: duplicate key value", failure.Message, StringComparison.Ordinal);
        Assert.Contains(host.LogLines, line => line.StartsWith("Failed to prepare monitoring.PowerMeasurements: ", StringComparison.Ordinal));
        Assert.Equal("r", await host.ScalarAsync<string>("""SELECT relkind::text FROM pg_class WHERE oid = 'monitoring."PowerMeasurements"'::regclass"""));
        Assert.Equal(2, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" """));
    }

    [PostgresFact]
    public async Task Something_else_of_that_name_is_not_touched()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("conversion"));
        await host.ExecuteAsync("""CREATE SCHEMA monitoring; CREATE VIEW monitoring."PowerMeasurements" AS SELECT 1 AS "DeviceId" """);

        var failure = await Assert.ThrowsAsync<PortalSchemaException>(() => host.Schema.MigrateAsync(null, default));
        Assert.Contains("rename or drop it", failure.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Fresh_upgraded_and_converted_schemas_are_the_same()
    {
        await using var fresh = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("fresh"));
        var expected = await SchemaText.ReadAsync(fresh.DataSource);

        await using var converted = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("converted"));
        await converted.ExecuteAsync(PlainTables.Old);
        await converted.Schema.MigrateAsync(null, default);
        Assert.Equal(expected, await SchemaText.ReadAsync(converted.DataSource));

        // A release that knew the first fifty quantities only.
        await using var upgraded = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("upgraded"));
        await upgraded.ExecuteAsync("CREATE SCHEMA monitoring; CREATE TABLE monitoring.\"Devices\" (\"Id\" integer, \"ExternalId\" text)");
        await using (var connection = await upgraded.DataSource.OpenConnectionAsync())
        {
            await new Bootstrap(PortalSeries.Layout, TimeSeriesEngine.Postgres, [.. Quantities.All.Take(50)]).RunAsync(connection, default);
            await TestRows.WriteAsync(upgraded, TestRow.Of(1, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), 1));
        }

        await upgraded.ExecuteAsync("DROP FUNCTION monitoring.hourly_energy; DROP TABLE monitoring.\"Devices\"");
        await upgraded.Schema.MigrateAsync(null, default);
        Assert.Equal(expected, await SchemaText.ReadAsync(upgraded.DataSource));
        Assert.Equal(1, await upgraded.ScalarAsync<long>("""SELECT count("ActivePowerKw") FROM monitoring."PowerMeasurements" """));
    }

    [PostgresFact]
    public async Task A_function_that_a_person_changed_is_back_after_a_start()
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("changed"));
        var expected = await SchemaText.ReadAsync(host.DataSource);
        await host.ExecuteAsync("CREATE OR REPLACE FUNCTION monitoring.forget_device(device integer) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'");
        Assert.NotEqual(expected, await SchemaText.ReadAsync(host.DataSource));

        await host.Schema.MigrateAsync(null, default);
        Assert.Equal(expected, await SchemaText.ReadAsync(host.DataSource));
    }

    [PostgresFact]
    public async Task A_database_stays_with_its_engine()
    {
        var database = await PostgresServer.CreateDatabaseAsync("engine");
        await using var host = await PortalHost.MigratedAsync(database);
        await using var other = PortalHost.Create(database, timeSeries: "timescale");

        var failure = await Assert.ThrowsAsync<PortalSchemaException>(() => other.Schema.MigrateAsync(null, default));
        Assert.Contains("Database__TimeSeries", failure.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_server_without_TimescaleDB_says_so_where_it_is_asked_for()
    {
        await using var host = PortalHost.Create(await PostgresServer.CreateDatabaseAsync("engine"), timeSeries: "timescale");
        if (await host.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')"))
        {
            return; // PORTAL_TEST_POSTGRES names a server that has it
        }

        var failure = await Assert.ThrowsAsync<PortalSchemaException>(() => host.Schema.MigrateAsync(null, default));
        Assert.Contains("Database__TimeSeries asks for timescale, but this server has no TimescaleDB extension", failure.Message, StringComparison.Ordinal);
    }
}
