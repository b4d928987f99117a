using Portal.Testing;

namespace Fleet.Aggregator.Tests.Measurements;

public sealed class FleetSchemaTests
{
    private const string Relations = """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'fleet' AND a.attnum > 0 AND NOT a.attisdropped AND c.relname IN ('PowerMeasurements', 'TouchedRanges', 'hourly_per_device')
         ORDER BY c.relname::text COLLATE "C", a.attnum
        """;

    [PostgresFact]
    public async Task A_fresh_database_gets_a_partitioned_table_and_a_second_start_changes_nothing()
    {
        var connection = await PostgresServer.CreateDatabaseAsync("schema");
        await using var database = await FleetDatabase.MigratedAsync(connection);
        Assert.Contains(database.LogLines, line => line.StartsWith("Database connection resolved via ConnectionStrings__portal: ", StringComparison.Ordinal));
        Assert.Contains("Applied migration 'InitialCreate'", database.LogLines);
        Assert.Contains(database.LogLines, line => line.StartsWith("Partitioned table for fleet.PowerMeasurements is ready", StringComparison.Ordinal));
        Assert.Null(await database.MissingAsync());
        var functions = await FunctionsAsync(database);

        await using var again = await FleetDatabase.MigratedAsync(connection);
        Assert.DoesNotContain("Applied migration 'InitialCreate'", again.LogLines);
        Assert.Equal(functions, await FunctionsAsync(again));
    }

    [PostgresFact]
    public async Task Several_aggregators_that_start_at_once_take_turns()
    {
        var connection = await PostgresServer.CreateDatabaseAsync("schema");
        var databases = Enumerable.Range(0, 3).Select(_ => FleetDatabase.On(connection)).ToArray();
        await Task.WhenAll(databases.Select(database => database.MigrateAsync()));

        Assert.Single(databases, database => database.LogLines.Contains("Applied migration 'InitialCreate'"));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [TimescaleFact]
    public async Task On_TimescaleDB_it_is_a_compressed_hypertable_of_days_with_policies_and_readers_see_the_same_columns()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var database = await FleetDatabase.MigratedAsync(server.ConnectionString);
        await database.MigrateAsync();
        Assert.Contains("TimescaleDB hypertable for fleet.PowerMeasurements is ready", database.LogLines);
        Assert.Equal(
            "1 day|CustomerId,DeviceId",
            await database.ScalarAsync<string>(
                """
                SELECT format('%s|%s', (SELECT time_interval FROM timescaledb_information.dimensions WHERE hypertable_schema = 'fleet'),
                              (SELECT string_agg(attname, ',' ORDER BY segmentby_column_index) FROM timescaledb_information.compression_settings
                                WHERE hypertable_schema = 'fleet' AND segmentby_column_index IS NOT NULL))
                """
            )
        );
        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM timescaledb_information.jobs WHERE job_id >= 1000"));

        await using var plain = await FleetDatabase.CreateAsync();
        Assert.Equal(await plain.TableAsync(Relations), await database.TableAsync(Relations));
    }

    [TimescaleFact]
    public async Task Where_TimescaleDB_is_installed_its_own_refresh_is_left_alone()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var database = FleetDatabase.On(server.ConnectionString, ("Database:TimeSeries", "postgres"));
        await database.MigrateAsync();

        Assert.Equal("timescaledb", await database.ScalarAsync<string>(
            """
            SELECT string_agg(e.extname::text, ',') FROM pg_proc p
              LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' LEFT JOIN pg_extension e ON e.oid = d.refobjid
             WHERE p.proname = 'refresh_continuous_aggregate'
            """
        ));
    }

    private static Task<string> FunctionsAsync(FleetDatabase database) =>
        database.TableAsync("SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'fleet'::regnamespace ORDER BY 1");
}
