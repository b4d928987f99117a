using Npgsql;
using Portal.Testing;
using static Portal.Data.Tests.Timescale.Statements;

namespace Portal.Data.Tests.Timescale;

/// <summary>That this is TimescaleDB, with all that the product uses of it.</summary>
public sealed class HypertableTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>
{
    private const string Hypertable = """
        CREATE TABLE raw ("Time" timestamptz NOT NULL, "DeviceId" int NOT NULL, "Energy" double precision, PRIMARY KEY ("DeviceId", "Time"));
        SELECT create_hypertable('raw', by_range('Time', INTERVAL '1 day'));
        """;

    private const string Aggregate = """
        CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
        SELECT "DeviceId", time_bucket('1 hour', "Time") AS "Bucket", count(*) AS samples,
               first("Energy", "Time") FILTER (WHERE "Energy" IS NOT NULL) AS first_known,
               last("Energy", "Time") FILTER (WHERE "Energy" IS NOT NULL) AS last_known
        FROM raw GROUP BY 1, 2 WITH NO DATA
        """;

    [TimescaleFact]
    public async Task A_hypertable_aggregates_refreshes_and_compresses()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await ExecuteAsync(dataSource, Hypertable);
        await ExecuteAsync(dataSource, Aggregate);
        // Two loggers: every other row, also the first and last of each hour, lacks the register.
        await ExecuteAsync(dataSource, """
            INSERT INTO raw SELECT t, 1, CASE WHEN extract(minute FROM t) IN (10, 30, 40) THEN extract(epoch FROM t - '2026-11-01')/600 END
            FROM generate_series('2026-11-01'::timestamptz, '2026-11-04', '10 minutes') t
            """);
        Assert.Equal(4L, await ScalarAsync(dataSource, "SELECT count(*) FROM show_chunks('raw')"));

        const string secondHour = """SELECT samples || ':' || first_known || ':' || last_known FROM hourly WHERE "Bucket" = '2026-11-01 01:00+00'""";
        Assert.Equal("6:7:10", await ScalarAsync(dataSource, secondHour));

        await ExecuteAsync(dataSource, "CALL refresh_continuous_aggregate('hourly', '2026-11-01', '2026-11-03')");
        await ExecuteAsync(dataSource, """UPDATE raw SET "Energy" = 6 WHERE "Time" = '2026-11-01 01:00+00'""");
        Assert.Equal("6:7:10", await ScalarAsync(dataSource, secondHour));
        await ExecuteAsync(dataSource, "CALL refresh_continuous_aggregate('hourly', '2026-11-01', '2026-11-02')");
        Assert.Equal("6:6:10", await ScalarAsync(dataSource, secondHour));

        await ExecuteAsync(dataSource, """
            ALTER TABLE raw SET (timescaledb.compress, timescaledb.compress_segmentby = '"DeviceId"', timescaledb.compress_orderby = '"Time" DESC')
            """);
        Assert.Equal(4L, await ScalarAsync(dataSource, "SELECT count(compress_chunk(chunk)) FROM show_chunks('raw') chunk"));
        Assert.Equal(433L, await ScalarAsync(dataSource, "SELECT count(*) FROM raw"));
        await ExecuteAsync(dataSource, """INSERT INTO raw VALUES ('2026-11-01 01:20+00', 1, 8) ON CONFLICT ("DeviceId", "Time") DO UPDATE SET "Energy" = excluded."Energy" """);
        Assert.Equal(8.0, await ScalarAsync(dataSource, """SELECT "Energy" FROM raw WHERE "Time" = '2026-11-01 01:20+00'"""));
        Assert.Equal(433L, await ScalarAsync(dataSource, "SELECT count(*) FROM raw"));
    }

    [TimescaleFact]
    public async Task A_job_runs_when_it_is_called()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await ExecuteAsync(dataSource, """
            CREATE TABLE aged ("Time" timestamptz NOT NULL);
            SELECT create_hypertable('aged', by_range('Time', INTERVAL '1 day'));
            INSERT INTO aged VALUES (now()), (now() - INTERVAL '40 days');
            SELECT add_retention_policy('aged', INTERVAL '30 days');
            """);
        var job = await ScalarAsync(dataSource, "SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_name = 'aged'");
        await ExecuteAsync(dataSource, $"CALL run_job({job})");
        Assert.Equal(1L, await ScalarAsync(dataSource, "SELECT count(*) FROM aged"));
    }
}
