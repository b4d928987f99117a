using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.CommandLine;
using Portal.Testing;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>
/// What a backup's manifest counts on a real TimescaleDB. Dumping that one is beyond its server in WebAssembly, which is newer than the distribution's
/// <c>pg_dump</c>; what stands around a restore is there.
/// </summary>
public sealed class BackupContentsTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>
{
    [TimescaleFact]
    public async Task A_hypertable_counts_once_with_its_compressed_chunks_and_without_its_roll_ups()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await ExecuteAsync(source, """
            CREATE SCHEMA monitoring;
            CREATE TABLE monitoring."PowerMeasurements" ("DeviceId" integer NOT NULL, "Time" timestamptz NOT NULL, PRIMARY KEY ("DeviceId", "Time"));
            SELECT create_hypertable('monitoring."PowerMeasurements"', by_range('Time', interval '1 day'));
            INSERT INTO monitoring."PowerMeasurements" SELECT 1, timestamptz '2026-01-01 UTC' + n * interval '10 minutes' FROM generate_series(0, 999) AS n;
            ALTER TABLE monitoring."PowerMeasurements" SET (timescaledb.compress, timescaledb.compress_segmentby = '"DeviceId"', timescaledb.compress_orderby = '"Time"');
            SELECT compress_chunk(chunk) FROM (SELECT show_chunks('monitoring."PowerMeasurements"') AS chunk LIMIT 3) AS oldest;
            """);
        await ExecuteAsync(source, """
            CREATE MATERIALIZED VIEW monitoring.hourly_per_device WITH (timescaledb.continuous) AS
            SELECT "DeviceId", time_bucket('1 hour', "Time") AS bucket, count(*) FROM monitoring."PowerMeasurements" GROUP BY 1, 2 WITH NO DATA
            """);

        var counted = await PsqlAsync("-F", " ", "-f", Path.Combine(PortalProgram.Repository.Root, "Portal.AppHost", "Manifests", "Files", "contents.sql"));
        var around = await PsqlAsync("-c", "SELECT timescaledb_pre_restore()", "-c", "SELECT timescaledb_post_restore()");

        Assert.Equal("rows monitoring.\"PowerMeasurements\" 1000", counted);
        Assert.Equal("t\nt", around);
    }

    private async Task<string> PsqlAsync(params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var said = await new Toolbox($"{PostgresBinaries.Find()}:{Environment.GetEnvironmentVariable("PATH")}").RunAsync(
            new(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, "-d", server.Database!, .. arguments])
            {
                Limit = TimeSpan.FromMinutes(2),
                Environment = new Dictionary<string, string> { ["PGPASSWORD"] = server.Password ?? "", ["PGSSLMODE"] = "prefer" },
            },
            CancellationToken.None);
        Assert.True(said.Succeeded, said.Said);
        return said.Output.Trim();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
