using System.Globalization;
using System.Net;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A customer goes with everything that the fleet has of it, and nothing else goes.</summary>
[Collection(WholeProduct.Name)]
public sealed class DecommissioningTests(TwoCustomers portal)
{
    [PostgresFact]
    public async Task Deleting_a_customer_takes_all_that_it_pushed()
    {
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");

        await AssertGoneAfterAsync(admin, "GONE01", id => admin.DeleteAsync($"/api/fleet/customers/{id}"));
    }

    [PostgresFact]
    public async Task So_does_the_line_of_SQL_in_the_operations_guide()
    {
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        var tables = await FleetTables.OfAsync(portal);

        await AssertGoneAfterAsync(admin, "GONE02", _ => tables.ExecuteAsync(FleetTables.Fleet, """DELETE FROM fleet."Customers" WHERE "Code" = 'GONE02'"""));
    }

    private async Task AssertGoneAfterAsync(StackClient admin, string code, Func<int, Task> decommission)
    {
        var tables = await FleetTables.OfAsync(portal);
        var customer = await admin.CreateAsync("/api/fleet/customers", new { code, name = "Leaves again" });
        var (id, token) = ((int)customer["id"]!, (string)customer["token"]!);
        var time = TimeProvider.System.GetUtcNow().AddDays(-40);
        await PushAsync(admin, token, "sites", new { externalId = "S", name = "Site", timeZone = "Africa/Johannesburg" });
        await PushAsync(admin, token, "devices", new { externalId = "D", siteExternalId = "S", name = "Meter", model = (string?)null, role = "main" });
        await PushAsync(
            admin, token, "measurements",
            [.. Enumerable.Range(0, 200).Select(n => new { externalId = "D", time = time.AddHours(n), activePowerKw = 1.0, energyImportKwh = 100.0 + n })]);
        var others = await CountsAsync(tables, $"<> {id}");
        var before = await CountsAsync(tables, $"= {id}");
        Assert.All(
            (string[])["Sites", "Devices", "PowerMeasurements", "IngestEvents", "PushTokens"],
            table => Assert.Contains(before, count => count.StartsWith($"{table} ", StringComparison.Ordinal) && !count.EndsWith(" 0", StringComparison.Ordinal)));
        Assert.Equal(200, await tables.HourlySamplesAsync(code));

        await decommission(id);

        Assert.All(await CountsAsync(tables, $"= {id}"), count => Assert.EndsWith(" 0", count, StringComparison.Ordinal));
        // Other customers go on pushing, so theirs may have become more.
        Assert.All(others.Where(IsKept).Zip((await CountsAsync(tables, $"<> {id}")).Where(IsKept)), count => Assert.True(Rows(count.Second) >= Rows(count.First), $"{count.First}, then {count.Second}"));
        using var late = await admin.PostAsMeterAsync("/api/fleet/ingest", token, Batch("sites"));
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.DoesNotContain(code, (await admin.GetAsync("/api/fleet/dashboard"))["customers"]!.ToJsonString(), StringComparison.Ordinal);
    }

    // Notes of what is to be rolled up come and go.
    private static bool IsKept(string count) => !count.StartsWith("TouchedRanges", StringComparison.Ordinal);

    private static long Rows(string count) => long.Parse(count.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Rows of every table and view of the fleet that names a customer, as <c>Sites 1</c>.</summary>
    private static async Task<List<string>> CountsAsync(FleetTables tables, string which)
    {
        var counted = await tables.ListAsync<string>(
            FleetTables.Fleet,
            """
            SELECT format('SELECT %L || '' '' || count(*) FROM fleet.%I WHERE %I', c.table_name, c.table_name, c.column_name) || $1
              FROM information_schema.columns c
             WHERE c.table_schema = 'fleet' AND c.column_name IN ('CustomerId', 'customer_id') AND c.table_name !~ '_[0-9]{4}_[0-9]{2}$'
             ORDER BY c.table_name
            """,
            $" {which}");
        var counts = new List<string>();
        foreach (var count in counted) counts.Add(await tables.ScalarAsync<string>(FleetTables.Fleet, count));
        return counts;
    }

    private static async Task PushAsync(StackClient admin, string token, string batchType, params object[] rows)
    {
        var answer = await admin.MeterPostAsync("/api/fleet/ingest", token, Batch(batchType, rows));
        Assert.Equal(rows.Length, (int)answer["accepted"]!);
    }

    private static object Batch(string batchType, params object[] rows) =>
        new { batchId = Guid.CreateVersion7(), batchType, sentAt = TimeProvider.System.GetUtcNow(), rows };
}
