using System.Text.Json.Nodes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>Whatever is killed between a meter and the operators' tables, at the end both sides hold the same.</summary>
[Collection(WholeProduct.Name)]
public sealed class FleetChaosTests(TwoCustomers portal)
{
    private static readonly string[] Codes = ["abc0001", "xyz0002"];

    [PostgresFact]
    public async Task Both_sides_hold_the_same_rows_after_kills_amid_pushes_and_no_row_was_counted_twice()
    {
        var tables = await FleetTables.OfAsync(portal);
        foreach (var code in Codes) await tables.SettledAsync(code);
        var accepted = new Dictionary<string, long>();
        foreach (var code in Codes) accepted[code] = await tables.AcceptedAsync(code) - (await tables.AssertEqualAsync(code)).Count;
        var loads = new Dictionary<string, (StackClient Client, MeterLoad Meters)>();
        foreach (var code in Codes)
        {
            var client = await StackClient.SignInAsync(portal.Port, code);
            await client.AddDeviceAsync("CHAOS");
            // Some hundred rows a second: a push of small batches takes a while, and kills fall into it.
            var meters = new MeterLoad(
                client, await client.AddKeyAsync(), "CHAOS", TimeProvider.System.GetUtcNow().AddHours(-30), readings: 20, TimeSpan.FromMilliseconds(50));
            loads[code] = (client, meters);
        }

        await KillAmidPushAsync(tables, status => RunningPortal.Service(status, "admin", "aggregator"));
        await KillAmidPushAsync(tables, status => RunningPortal.Service(status, "abc0001", "ingest"));
        await KillAmidPushAsync(tables, status => status["gateway"]!);
        await KillAmidPushAsync(tables, status => status["database"]!);
        await KillAmidPushAsync(
            tables, status => RunningPortal.Service(status, "admin", "aggregator"), status => RunningPortal.Service(status, "xyz0002", "ingest"));
        foreach (var (_, meters) in loads.Values) await meters.AnsweredAsync(100);

        foreach (var (code, (client, meters)) in loads)
        {
            var answered = await meters.EndAsync();
            client.Dispose();
            await tables.SettledAsync(code);
            var rows = await tables.AssertEqualAsync(code);
            Assert.True(rows.Count(row => row.StartsWith("CHAOS ", StringComparison.Ordinal)) >= answered.Count);
            Assert.Equal(rows.Count, await tables.AcceptedAsync(code) - accepted[code]);
            Assert.Equal(rows.Count, await tables.HourlySamplesAsync(code));
        }
    }

    /// <summary>Kills as soon as batches are arriving, and waits until all is well again.</summary>
    private async Task KillAmidPushAsync(FleetTables tables, params Func<JsonNode, JsonNode>[] which)
    {
        var before = await tables.BatchesAsync(Codes[0], 200);
        await Shell.EventuallyAsync(async () => await tables.BatchesAsync(Codes[0], 200) > before, "nothing is pushed any more", TimeSpan.FromMinutes(2));
        await portal.KillAsync(which);
    }
}
