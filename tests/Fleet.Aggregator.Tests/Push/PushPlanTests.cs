using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

/// <summary>The aggregator whose statements' plans are recorded. Its statements are prepared, as they are in production.</summary>
public sealed class PlannedApp : AggregatorApp
{
    private string connection = "";

    public RecordedPlans Plans { get; } = new();

    protected override string Through(string connectionString) => connection = connectionString;

    protected override void Configure(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<NpgsqlDataSource>(_ => Plans.DataSource(connection, preparedStatements: 40)));
}

public sealed class PushPlanTests(PlannedApp app) : IClassFixture<PlannedApp>
{
    private const int Customers = 2_000;
    private const int DevicesOfEach = 10;

    private static readonly string[] Tables = ["Customers", "PushTokens", "Devices", "LedgerDays", "IngestEvents"];

    [PostgresFact]
    public async Task Plans_that_were_made_while_the_fleet_was_small_read_no_whole_table_once_it_is_large()
    {
        using var stack = await app.RegisterAsync();
        string[] serials = ["A", "B", "C"];
        await stack.PushDevicesAsync(serials);
        foreach (var table in Tables)
        {
            // The planner knows that they are small, and nobody tells it otherwise.
            await app.ExecuteAsync($"""VACUUM ANALYZE fleet."{table}" """);
            await app.ExecuteAsync($"""ALTER TABLE fleet."{table}" SET (autovacuum_enabled = false)""");
        }

        var minute = 0;
        while (minute < 30)
        {
            await PushAsync(stack, serials, minute++); // as often as it takes until plans are kept
        }

        await RegisterManyAsync();
        app.Plans.Clear();
        for (var end = minute + 5; minute < end; minute++)
        {
            await PushAsync(stack, serials, minute);
        }

        Assert.Equal(minute, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id) / serials.Length);
        foreach (var table in (string[])["\"PushTokens\" AS t", "FOR NO KEY UPDATE", "AS pushed", "IngestEvents", "UPDATE fleet.\"Devices\"", "UPDATE fleet.\"Customers\"", "LedgerDays"])
        {
            app.Plans.AssertNoneReads(table, moreThan: 100, "a push");
        }
    }

    private static async Task PushAsync(Pusher stack, string[] serials, int minute)
    {
        var time = new DateTime(2026, 11, 10, 10, 0, 0, DateTimeKind.Utc).AddMinutes(minute);
        await stack.PushAsync("measurements", $"[{string.Join(',', serials.Select(serial => $$"""{"externalId":"{{serial}}","time":"{{time:O}}","activePowerKw":1}"""))}]");
        await stack.BeatAsync();
    }

    private Task RegisterManyAsync() =>
        app.ExecuteAsync(
            """
            WITH customers AS (
              INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt", "ActiveSince")
              SELECT 'M' || n, 'Customer ' || n, true, now(), now() FROM generate_series(1, $1) AS n RETURNING "Id"
            ),
            tokens AS (
              INSERT INTO fleet."PushTokens" ("CustomerId", "Hash", "Prefix", "CreatedAt")
              SELECT "Id", sha256("Id"::text::bytea), 'pft_many', now() FROM customers
            ),
            devices AS (
              INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples")
              SELECT "Id", 'M' || d, 'Meter', 'main', 0 FROM customers CROSS JOIN generate_series(1, $2) AS d RETURNING "CustomerId", "Id"
            ),
            days AS (
              INSERT INTO fleet."LedgerDays" ("CustomerId", "DeviceId", "Day") SELECT "CustomerId", "Id", '2026-11-10' FROM devices
            )
            INSERT INTO fleet."IngestEvents" ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected", "ReceivedAt", "DurationMs", "Bytes")
            SELECT "CustomerId", gen_random_uuid(), 'measurements', 200, 1, 1, 0, 0, now(), 1, 1 FROM devices
            """,
            Customers,
            DevicesOfEach
        );
}
