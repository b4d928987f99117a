using System.Text.Json.Nodes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A logger that was cut off for a month posts its cache: a wave of old rows, while everybody else goes on.</summary>
[Collection(WholeProduct.Name)]
public sealed class ReplayWaveTests(TwoCustomers portal)
{
    private const int Days = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task A_month_of_history_arrives_while_live_rows_go_on_and_every_day_of_it_is_proven()
    {
        var tables = await FleetTables.OfAsync(portal);
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        var key = await abc.AddKeyAsync();
        await abc.AddDeviceAsync("WAVE");
        await abc.AddDeviceAsync("LIVE");
        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero);
        var live = new MeterLoad(abc, key, "LIVE", TimeProvider.System.GetUtcNow().AddHours(-30), readings: 5, TimeSpan.FromMilliseconds(50));
        for (var day = -Days; day < 0; day++)
        {
            var from = today.AddDays(day);
            var rows = Enumerable.Range(0, 96).Select(n => new { externalId = "WAVE", time = from.AddMinutes(15 * n), activePowerKw = n / 8.0, energyImportKwh = (100.0 * (Days + day)) + n });
            Assert.Equal(96, (int)(await abc.MeterPostAsync("/api/ingest/measurements", key, new { measurements = rows }))["accepted"]!);
        }

        await live.EndAsync();
        await tables.SettledAsync("abc0001");
        var stored = await tables.AssertEqualAsync("abc0001");
        Assert.Equal(Days * 96, stored.Count(row => row.StartsWith("WAVE ", StringComparison.Ordinal)));

        var customer = (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray().Single(one => (string?)one!["code"] == "ABC0001")!["id"]!;
        JsonNode ledger = new JsonObject();
        await Shell.EventuallyAsync(
            async () =>
            {
                ledger = await admin.GetAsync($"/api/fleet/customers/{customer}/ledger");
                return ledger["oldestUnproven"] is null && (long)ledger["provenDeviceDays"]! >= Days;
            },
            "not all days are proven", Patience);
        Assert.Equal(0, (long)ledger["openDifferences"]!);
        var proven = await abc.GetAsync("/api/fleet-push/status");
        Assert.Equal(0, (long)proven["ledger"]!["openDifferences"]!);
        Assert.True((long)proven["ledger"]!["provenDeviceDays"]! >= Days);
    }
}
