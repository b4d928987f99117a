using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class LargeCustomerPlanTests(PlannedApp app) : IClassFixture<PlannedApp>
{
    private const int Others = 400;

    [PostgresFact]
    public async Task A_push_finds_its_devices_among_many_of_its_customer_before_anything_is_known_of_their_number()
    {
        using var stack = await app.RegisterAsync();
        string[] serials = ["A", "B", "C"];
        await stack.PushDevicesAsync(serials);
        await app.ExecuteAsync(
            """
            INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples")
            SELECT $1, 'N' || n, 'Meter', 'main', 0 FROM generate_series(1, $2) AS n
            """,
            stack.Id,
            Others
        );
        app.Plans.Clear();
        foreach (var minute in (string[])["00", "01"])
        {
            var rows = serials.Select(serial => $$"""{"externalId":"{{serial}}","time":"2026-11-10T10:{{minute}}:00Z","activePowerKw":1}""");
            await stack.PushAsync("measurements", $"[{string.Join(',', rows)}]");
        }

        app.Plans.AssertNoneReads("AS pushed", moreThan: Others / 4, "a push");
        app.Plans.AssertNoneReads("UPDATE fleet.\"Devices\"", moreThan: Others / 4, "a push");
    }
}
