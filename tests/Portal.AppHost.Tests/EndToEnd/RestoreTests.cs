using System.Text.Json.Nodes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A database that was put back from an older backup: what it lost comes back from the other side of the push.</summary>
[Collection(WholeProduct.Name)]
public sealed class RestoreTests(TwoCustomers portal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [PostgresFact]
    public async Task What_a_customer_lost_with_an_older_backup_comes_back_from_the_fleet()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        var key = await xyz.AddKeyAsync();
        var day = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(-3);
        await xyz.AddDeviceAsync("RESTORED");
        await PostAsync(xyz, key, "RESTORED", day, n => new { activePowerKw = n / 8.0 });
        await tables.SettledAsync("xyz0002");
        var backup = await Backup.TakeAsync(portal, tables, "xyz0002", FleetTables.Stack("xyz0002"));

        // Lost: another day, columns that were filled in, and a whole device.
        await PostAsync(xyz, key, "RESTORED", day.AddDays(1), n => new { activePowerKw = n / 4.0 });
        await PostAsync(xyz, key, "RESTORED", day, n => new { energyImportKwh = 1000.0 + n });
        await xyz.AddDeviceAsync("LOST");
        await PostAsync(xyz, key, "LOST", day, n => new { activePowerKw = n / 2.0, energyImportKwh = 2000.0 + n });
        await tables.SettledAsync("xyz0002");
        var all = await tables.AssertEqualAsync("xyz0002");

        // What a meter posts again in the meantime with another value is the customer's to say.
        using (var admin = await StackClient.SignInAsync(portal.Port, "admin"))
        {
            await SwitchAsync(admin, active: false);
            await backup.RestoreAsync();
            using var again = await StackClient.SignInAsync(portal.Port, "xyz0002");
            await PostAsync(again, key, "RESTORED", day.AddDays(1), n => n == 7 ? new { activePowerKw = 4321.0 } : null);
            await SwitchAsync(admin, active: true);
        }

        await EqualAsync(tables);
        var now = await tables.AssertEqualAsync("xyz0002");
        Assert.Equal(all.Count, now.Count);
        Assert.Single(now.Except(all), row => row.Contains("4321", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task What_the_fleet_lost_with_an_older_backup_is_pushed_again()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        var key = await xyz.AddKeyAsync();
        var day = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(-5);
        await xyz.AddDeviceAsync("KEPT");
        await PostAsync(xyz, key, "KEPT", day, n => new { activePowerKw = n / 8.0 });
        await tables.SettledAsync("xyz0002");
        var backup = await Backup.TakeAsync(portal, tables, "admin", FleetTables.Fleet);

        // Lost there: a day, columns that were filled in, a device.
        await PostAsync(xyz, key, "KEPT", day, n => new { energyImportKwh = 1000.0 + n });
        await PostAsync(xyz, key, "KEPT", day.AddDays(1), n => new { activePowerKw = n / 4.0 });
        await xyz.AddDeviceAsync("LATER");
        await PostAsync(xyz, key, "LATER", day, n => new { activePowerKw = n / 2.0 });
        await tables.SettledAsync("xyz0002");
        var all = await tables.AssertEqualAsync("xyz0002");

        // All is compared once the fleet is back that was away. Nobody has noticed one that is back within a push: that is for the night.
        await backup.RestoreAsync(() => Shell.EventuallyAsync(
            async () => (await xyz.GetAsync("/api/fleet-push/status"))["lastError"] is not null, "the stack does not notice that the fleet is away", Patience));

        await EqualAsync(tables);
        Assert.Equal(all, await tables.AssertEqualAsync("xyz0002"));
    }

    private static async Task SwitchAsync(StackClient admin, bool active)
    {
        var customer = (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray().Single(one => (string?)one!["code"] == "XYZ0002")!;
        await admin.ChangeAsync($"/api/fleet/customers/{customer["id"]}", new { code = "XYZ0002", name = (string?)customer["name"], active });
    }

    private static async Task PostAsync(StackClient stack, string key, string externalId, DateTimeOffset day, Func<int, object?> values)
    {
        var rows = new List<JsonObject>();
        for (var n = 0; n < 96; n++)
        {
            if (values(n) is not { } read) continue;
            var row = System.Text.Json.JsonSerializer.SerializeToNode(read)!.AsObject();
            (row["externalId"], row["time"]) = (externalId, day.AddMinutes(15 * n));
            rows.Add(row);
        }

        var answer = await stack.MeterPostAsync("/api/ingest/measurements", key, new { measurements = rows });
        Assert.Equal(rows.Count, (int)answer["accepted"]!);
    }

    /// <summary>Waits until both sides hold the same and the ledger says so.</summary>
    private async Task EqualAsync(FleetTables tables)
    {
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        var customer = (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray().Single(one => (string?)one!["code"] == "XYZ0002")!["id"]!;
        var (open, difference) = (0L, (string?)"");
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System))
        {
            open = (long)(await admin.GetAsync($"/api/fleet/customers/{customer}/ledger"))["openDifferences"]!;
            difference = await tables.DifferenceAsync("xyz0002");
            if (open == 0 && difference is null) return;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{open} open differences; {difference ?? "the tables are equal"}");
        }
    }
}
