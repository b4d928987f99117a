using Fleet.Aggregator.Measurements;
using Fleet.Aggregator.Tests.Push;
using Npgsql;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Dashboard;

public sealed class CustomerPagePlanTests(PlannedApp app) : IClassFixture<PlannedApp>
{
    private const int Devices = 60;

    [PostgresFact]
    public async Task A_customers_page_looks_up_each_devices_notes_though_its_plan_was_made_while_none_waited()
    {
        using var stack = await app.RegisterAsync();
        await app.ExecuteAsync(
            """
            INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples", "LastTime")
            SELECT $1, 'N' || n, 'Meter', 'main', 0, now() FROM generate_series(1, $2) AS n
            """,
            stack.Id,
            Devices
        );
        // No pass until the end, so that what is noted waits.
        await using var passes = await app.Database.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({FleetLocks.RollUps})", passes);
        await hold.ExecuteNonQueryAsync();
        // The planner knows that there are none, and nobody tells it otherwise.
        await app.ExecuteAsync("""ALTER TABLE fleet."TouchedRanges" SET (autovacuum_enabled = false)""");
        await app.ExecuteAsync("""VACUUM ANALYZE fleet."TouchedRanges" """);
        await AskAsync(stack.Id);
        await app.ExecuteAsync(
            """
            INSERT INTO fleet."TouchedRanges" ("CustomerId", "DeviceId", "From", "To")
            SELECT "CustomerId", "Id", date_trunc('hour', now()), date_trunc('hour', now()) + interval '15 minutes' FROM fleet."Devices"
            """
        );
        app.Plans.Clear();
        await AskAsync(stack.Id);

        app.Plans.AssertNoneScans("a customer's page while roll-ups wait", "TouchedRanges");
        Assert.NotEmpty(app.Plans.With("hourly_energy"));
    }

    private async Task AskAsync(int customer)
    {
        using var operators = app.As("Admin");
        using var answer = await operators.GetAsync($"/api/fleet/customers/{customer}/detail");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
