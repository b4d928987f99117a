using System.Net;
using System.Text.Json.Nodes;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>From a customer's meter to the operators' figures, and what operators do to a customer, over real processes.</summary>
[Collection(WholeProduct.Name)]
public sealed class FleetPushTests(TwoCustomers portal)
{
    /// <summary>Some intervals of ten seconds; a stack that is refused tries again after fifteen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [PostgresFact]
    public async Task What_a_meter_posts_is_in_the_dashboard_and_in_the_hours_after_a_push()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        var key = await abc.AddKeyAsync();
        for (var attempt = 1; ; attempt++)
        {
            foreach (var code in (string[])["abc0001", "xyz0002"]) await tables.SettledAsync(code);
            var serial = $"DASHBOARD{attempt}";
            await abc.AddDeviceAsync(serial);
            var before = await admin.GetAsync("/api/fleet/dashboard");
            var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            var earlier = now.AddMinutes(-1);
            await abc.MeterPostAsync("/api/ingest/measurements", key, new
            {
                measurements = new object[]
                {
                    new { externalId = serial, time = earlier, activePowerKw = 740.0, energyImportKwh = 45000.0 },
                    new { externalId = serial, time = now, activePowerKw = 760.0, energyImportKwh = 45012.5 },
                },
            });

            JsonNode after = before;
            await Shell.EventuallyAsync(
                async () => (long)(after = await admin.GetAsync("/api/fleet/dashboard"))["measurementsToday"]! > (long)before["measurementsToday"]! || now.Date != earlier.Date,
                "the dashboard doesn't show what was posted", Patience);
            // Midnight fell into it; the next day is long enough.
            if (earlier.Date != TimeProvider.System.GetUtcNow().Date) continue;

            Assert.Equal((long)before["measurementsToday"]! + 2, (long)after["measurementsToday"]!);
            Assert.Equal((double)before["energyTodayKwh"]! + 12.5, (double)after["energyTodayKwh"]!, precision: 6);
            Assert.Equal((2, 2), ((int)after["totalCustomers"]!, (int)after["activeCustomers"]!));
            var customer = after["customers"]!.AsArray().Single(one => (string?)one!["code"] == "ABC0001")!;
            Assert.Equal("fresh", (string?)customer["tag"]);
            Assert.NotNull(customer["softwareVersion"]);
            Assert.Equal(
                ["2 45012.5"],
                await tables.ListAsync<string>(
                    FleetTables.Fleet,
                    """
                    SELECT sum(samples) || ' ' || max(import_last_kwh) FROM fleet.hourly_per_device h
                      JOIN fleet."Devices" d ON d."CustomerId" = h.customer_id AND d."Id" = h.device_id WHERE d."ExternalId" = $1
                    """,
                    serial));
            await tables.SettledAsync("abc0001");
            await tables.AssertEqualAsync("abc0001");
            return;
        }
    }

    [PostgresFact]
    public async Task A_site_that_a_customer_deletes_goes_from_the_fleet()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        var site = (await abc.CreateAsync("/api/sites", new { name = "Closed soon", timeZone = "Africa/Johannesburg" }))["id"]!.ToString();
        await Shell.EventuallyAsync(async () => await CountAsync() == 1, "the fleet doesn't have the site", Patience);

        await abc.DeleteAsync($"/api/sites/{site}");

        await Shell.EventuallyAsync(async () => await CountAsync() == 0, "the fleet still has the site", Patience);

        Task<long> CountAsync() => tables.ScalarAsync<long>(FleetTables.Fleet, """SELECT count(*) FROM fleet."Sites" WHERE "ExternalId" = $1""", site);
    }

    [PostgresFact]
    public async Task A_rotated_token_is_refused_at_once_and_pushing_goes_on_with_the_new_one()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        var file = new StateFolder(portal.Folder).Secret("xyz0002", "fleet-token");
        await xyz.AddDeviceAsync("ROTATED");
        var load = new MeterLoad(xyz, await xyz.AddKeyAsync(), "ROTATED", TimeProvider.System.GetUtcNow().AddHours(-30), readings: 20, TimeSpan.FromMilliseconds(50));
        await load.AnsweredAsync(100);
        var old = await File.ReadAllTextAsync(file);

        var rotated = await admin.CreateAsync($"/api/fleet/customers/{await IdAsync(admin, "XYZ0002")}/rotate-token", new { });

        Assert.Equal(HttpStatusCode.Unauthorized, await PushAsync(admin, old));
        Assert.Equal(HttpStatusCode.OK, await PushAsync(admin, (string)rotated["token"]!));
        await StatusAsync(xyz, status => (bool)status["paused"]! && (long)status["backlogRows"]! > 0);
        Assert.True(await tables.BatchesAsync("xyz0002", 401) > 0);
        // Meters are served meanwhile.
        await load.AnsweredAsync(100);

        await PrivateFile.WriteAsync(file, (string)rotated["token"]!, CancellationToken.None);

        await StatusAsync(xyz, status => !(bool)status["paused"]!);
        await load.EndAsync();
        await tables.SettledAsync("xyz0002");
        await tables.AssertEqualAsync("xyz0002");
    }

    [PostgresFact]
    public async Task A_customer_that_is_switched_off_is_refused_with_its_data_kept_and_catches_up_once_it_is_on_again()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        var id = await IdAsync(admin, "ABC0001");
        await abc.AddDeviceAsync("SWITCHED");
        await tables.SettledAsync("abc0001");
        var kept = await tables.AssertEqualAsync("abc0001");
        var refused = await tables.BatchesAsync("abc0001", 401);

        await admin.ChangeAsync($"/api/fleet/customers/{id}", new { code = "ABC0001", name = "Customer ABC0001", active = false });
        try
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await PushAsync(admin, await File.ReadAllTextAsync(new StateFolder(portal.Folder).Secret("abc0001", "fleet-token"))));
            var row = new { externalId = "SWITCHED", time = TimeProvider.System.GetUtcNow().AddHours(-1), activePowerKw = 1.5 };
            await abc.MeterPostAsync("/api/ingest/measurements", await abc.AddKeyAsync(), new { measurements = new[] { row } });
            await StatusAsync(abc, status => (bool)status["paused"]!);

            // One event a minute is enough to say so.
            Assert.Equal(refused + 1, await tables.BatchesAsync("abc0001", 401));
            var newest = (await admin.GetAsync($"/api/fleet/customers/{id}/detail"))["ingestEvents"]!.AsArray()[0]!;
            Assert.Equal(401, (int)newest["status"]!);
            Assert.Contains("switched this customer off", (string?)newest["error"], StringComparison.Ordinal);
            Assert.Equal(kept.Count, await tables.HourlySamplesAsync("abc0001"));
            Assert.Equal(1, (int)(await admin.GetAsync("/api/fleet/dashboard"))["activeCustomers"]!);
        }
        finally
        {
            await admin.ChangeAsync($"/api/fleet/customers/{id}", new { code = "ABC0001", name = "Customer ABC0001", active = true });
        }

        await StatusAsync(abc, status => !(bool)status["paused"]!);
        await tables.SettledAsync("abc0001");
        Assert.Equal(kept.Count + 1, (await tables.AssertEqualAsync("abc0001")).Count);
    }

    /// <summary>Waits for what <c>GET /api/fleet-push/status</c> of a stack says.</summary>
    private static Task StatusAsync(StackClient stack, Predicate<JsonNode> holds) => Shell.EventuallyAsync(
        async () => holds(await stack.GetAsync("/api/fleet-push/status")), "the push's status stays as it was", Patience);

    /// <summary>Knocks at the fleet as a stack with this token does.</summary>
    private static async Task<HttpStatusCode> PushAsync(StackClient admin, string token)
    {
        var batch = new { batchId = Guid.CreateVersion7(), batchType = "sites", sentAt = TimeProvider.System.GetUtcNow(), rows = Array.Empty<object>() };
        using var answer = await admin.PostAsMeterAsync("/api/fleet/ingest", token, batch);
        return answer.StatusCode;
    }

    private static async Task<string> IdAsync(StackClient admin, string code) =>
        (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray().Single(customer => (string?)customer!["code"] == code)!["id"]!.ToString();
}
