using Portal.Domain.Measurements;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>The same fleet twice, on TimescaleDB and on plain PostgreSQL. Whatever is pushed goes to both, and readers must see the same.</summary>
internal sealed class EnginePair : IAsyncDisposable
{
    // What a device posted and imported within a range is the sum of its hours, wherever the range begins and ends.
    private const string UnlikeTheHours = """
        SELECT "CustomerId", "Id", f, h, t.rows, t.kwh, r.rows, e.kwh
          FROM fleet."Devices"
         CROSS JOIN generate_series('2026-10-31T18:00Z', '2026-11-06Z', interval '9 hours') AS f
         CROSS JOIN unnest(ARRAY[1, 24]) AS h
         CROSS JOIN LATERAL (
           SELECT coalesce(sum(samples), 0) AS rows, coalesce(sum(import_kwh), 0) AS kwh
             FROM fleet.totals_per_device(f, f + h * interval '1 hour') WHERE customer_id = "CustomerId" AND device_id = "Id") AS t
         CROSS JOIN LATERAL (
           SELECT coalesce(sum(samples), 0) AS rows
             FROM fleet.hourly_per_device WHERE customer_id = "CustomerId" AND device_id = "Id" AND bucket >= f AND bucket < f + h * interval '1 hour') AS r
         CROSS JOIN LATERAL (
           SELECT coalesce(sum(import_kwh), 0) AS kwh FROM fleet.hourly_energy(f, f + h * interval '1 hour', "CustomerId") WHERE device_id = "Id") AS e
         WHERE t.rows <> r.rows OR abs(t.kwh - e.kwh) > 1e-6
        """;

    private readonly TimescaleDatabase server;

    private EnginePair(TimescaleDatabase server, FleetDatabase timescale, FleetDatabase postgres)
    {
        this.server = server;
        Timescale = timescale;
        Postgres = postgres;
    }

    public FleetDatabase Timescale { get; }

    public FleetDatabase Postgres { get; }

    /// <summary>Two customers with a device AN1 each, with the same keys in both databases: 1 and 2.</summary>
    public static async Task<EnginePair> CreateAsync()
    {
        var server = await TimescaleDatabase.CreateAsync();
        var pair = new EnginePair(server, await FleetDatabase.MigratedAsync(server.ConnectionString), await FleetDatabase.CreateAsync());
        foreach (var database in (FleetDatabase[])[pair.Timescale, pair.Postgres])
        {
            foreach (var key in (int[])[1, 2])
            {
                Assert.Equal(key, await database.CustomerAsync($"ABC000{key}"));
                Assert.Equal(key, await database.DeviceAsync(key, "AN1"));
            }
        }

        return pair;
    }

    public async Task PushAsync(int customer, MeasurementBatch batch, bool replaces = false)
    {
        var expected = await Postgres.Writer.PushAsync(customer, batch, replaces);
        var result = await Timescale.Writer.PushAsync(customer, batch, replaces);
        Assert.Equal(expected.Outcomes, result.Outcomes);
        Assert.Equal(expected.Conflicts, result.Conflicts);
    }

    public async Task ExecuteAsync(string sql)
    {
        await Timescale.ExecuteAsync(sql);
        await Postgres.ExecuteAsync(sql);
    }

    /// <summary>What the aggregator itself does about late rows.</summary>
    public async Task CatchUpAsync()
    {
        await Timescale.RefreshAllAsync();
        await Postgres.RefreshAllAsync();
    }

    /// <summary>What TimescaleDB's background workers do by themselves.</summary>
    /// <param name="procedure"><c>policy_refresh_continuous_aggregate</c> or <c>policy_compression</c>.</param>
    public async Task RunPolicyAsync(string procedure)
    {
        var job = await Timescale.ScalarAsync<int>(
            $"SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = '{procedure}' AND coalesce(hypertable_schema, '') <> 'monitoring'"
        );
        await Timescale.ExecuteAsync($"CALL run_job({job})");
    }

    /// <summary>Both engines answer the same, and it is returned.</summary>
    public async Task<string> SameAsync(string query)
    {
        var expected = await Postgres.TableAsync(query);
        Assert.Equal(expected, await Timescale.TableAsync(query));
        return expected;
    }

    /// <summary>The raw rows, all that readers see of the roll-ups, and the energy made from them.</summary>
    public async Task<string> SameFiguresAsync()
    {
        var columns = string.Join(", ", Quantities.All.Select(q => $"\"{q.Column}\""));
        await SameAsync($"""SELECT "CustomerId", "DeviceId", "Time", "ReceivedAt", {columns} FROM fleet."PowerMeasurements" ORDER BY 1, 2, 3""");
        var hours = await SameAsync("SELECT * FROM fleet.hourly_per_device ORDER BY 1, 2, 3");
        await SameAsync("SELECT * FROM fleet.hourly_energy('2026-11-01Z', '2026-11-06Z') ORDER BY 1, 2, 3");
        await SameAsync("SELECT * FROM fleet.hourly_energy('2026-11-01Z', '2026-11-06Z', 2) ORDER BY 1, 2, 3");
        await SameAsync("SELECT * FROM fleet.totals_per_device('2026-11-01Z', '2026-11-06Z') ORDER BY 1, 2");
        Assert.Equal("", await SameAsync(UnlikeTheHours));
        return hours;
    }

    public async ValueTask DisposeAsync()
    {
        await Timescale.DisposeAsync();
        await Postgres.DisposeAsync();
        await server.DisposeAsync();
    }
}
