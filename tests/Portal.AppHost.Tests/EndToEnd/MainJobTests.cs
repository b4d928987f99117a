using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>What the product is for, from end to end: a meter posts through the gateway, and people read its figures from the API.</summary>
[Collection(WholeProduct.Name)]
public sealed class MainJobTests(TwoCustomers portal)
{
    [PostgresFact]
    public async Task What_a_meter_posts_comes_back_from_the_API_as_the_same_figures()
    {
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        var device = await abc.AddDeviceAsync("AN12345");
        var key = await abc.AddKeyAsync();
        var quarter = QuarterHourAgo(2);
        var post = new
        {
            measurements = new object[]
            {
                new { externalId = "AN12345", time = quarter, activePowerKw = 48.25, energyImportKwh = 45678.5 },
                new { externalId = "AN12345", time = quarter.AddMinutes(15), activePowerKw = 51.5, energyImportKwh = 45691.0, voltage1V = 231.5 },
            },
        };

        var first = await abc.MeterPostAsync("/api/ingest/measurements", key, post);
        var again = await abc.MeterPostAsync("/api/ingest/measurements", key, post);

        Assert.Equal((2, 0, 0), Counts(first));
        Assert.Equal((0, 2, 0), Counts(again));
        var rows = await abc.MeasurementsAsync(device);
        Assert.Equal([quarter.AddMinutes(15), quarter], rows.Select(row => (DateTimeOffset)row["time"]!));
        Assert.Equal([51.5, 48.25], rows.Select(row => (double)row["activePowerKw"]!));
        Assert.Equal([45691.0, 45678.5], rows.Select(row => (double)row["energyImportKwh"]!));
        Assert.Equal(231.5, (double)rows[0]["voltage1V"]!);
        Assert.Null(rows[1]["voltage1V"]);

        var energy = await EnergyAsync(abc, device, quarter, quarter.AddMinutes(15));
        Assert.Equal(12.5, (double)Assert.Single(energy)["importKwh"]!);
        Assert.False((bool)energy[0]["estimated"]!);
    }

    [PostgresFact]
    public async Task What_an_Acuvim_posts_is_stored_in_our_units()
    {
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        var device = await abc.AddDeviceAsync("AH20011234");
        var key = await abc.AddKeyAsync();
        var time = QuarterHourAgo(3);
        var post = new
        {
            timestamp = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            gateway = new { name = "", model = "AXM-WEB2", serial = "AXM1" },
            device = new
            {
                name = "Main", model = "Acuvim-L", serial = "AH20011234", online = true,
                readings = new object[]
                {
                    new { param = "Psum", value = "48250.0", unit = "W" },
                    new { param = "EP_IMP_kWh", value = "1234.5", unit = "kWh" },
                    new { param = "In", value = "nan", unit = "A" },
                },
            },
        };

        Assert.Equal((1, 0, 0), Counts(await abc.MeterPostAsync("/api/ingest/acuvim", key, post)));

        var row = Assert.Single(await abc.MeasurementsAsync(device));
        Assert.Equal((time, 48.25, 1234.5), ((DateTimeOffset)row["time"]!, (double)row["activePowerKw"]!, (double)row["energyImportKwh"]!));
        Assert.Null(row["currentNeutralA"]);
    }

    [PostgresFact]
    public async Task One_customers_key_and_session_are_worth_nothing_at_another()
    {
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        using var stranger = StackClient.Of(portal.Port, "xyz0002");
        var key = await abc.AddKeyAsync();
        var post = new { measurements = new[] { new { externalId = "X", time = QuarterHourAgo(1), activePowerKw = 1.0 } } };

        using var elsewhere = await stranger.PostAsMeterAsync("/api/ingest/measurements", key, post);
        using var atHome = await stranger.PostAsMeterAsync("/api/ingest/measurements", "pik_wrong", post);

        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, atHome.StatusCode);
    }

    [PostgresFact]
    public async Task Status_lists_every_service_under_the_names_that_programs_rely_on()
    {
        // A probe that takes long on a busy machine shows for a moment.
        await Shell.EventuallyAsync(async () => Services(await portal.StatusAsync()).All(service => (string?)service!["state"] == "ready"), "not every service is ready", TimeSpan.FromMinutes(1));
        var status = await portal.StatusAsync();

        Assert.Equal("local", (string?)status["engine"]);
        Assert.Equal($"http://127.0.0.1:{portal.Port}", (string?)status["gateway"]!["url"]);
        Assert.Equal("127.0.0.1", (string?)status["database"]!["host"]);
        Assert.Equal(["admin", "abc0001", "xyz0002"], status["stacks"]!.AsArray().Select(stack => (string?)stack!["code"]));
        Assert.Equal($"http://abc0001.localhost:{portal.Port}", (string?)status["stacks"]![1]!["url"]);
        Assert.Equal("power_monitoring_abc0001", (string?)status["stacks"]![1]!["database"]);
        Assert.Equal(["api", "ingest", "web"], status["stacks"]![1]!["services"]!.AsArray().Select(service => (string?)service!["name"]));
        Assert.All(Services(status), service => Assert.StartsWith("http://127.0.0.1:", (string?)service!["url"], StringComparison.Ordinal));
        Assert.All(RunningPortal.Pids(status), pid => Assert.NotNull(ProcessIdentity.Of(pid)));
        Assert.NotEqual(0, (int)status["database"]!["port"]!);

        static IEnumerable<JsonNode?> Services(JsonNode all) => all["stacks"]!.AsArray().SelectMany(stack => stack!["services"]!.AsArray());
    }

    [PostgresFact]
    public async Task Killed_ingest_and_a_killed_database_come_back_and_no_answered_row_is_lost()
    {
        using var xyz = await StackClient.SignInAsync(portal.Port, "xyz0002");
        var device = await xyz.AddDeviceAsync("LOAD1");
        var key = await xyz.AddKeyAsync();
        var load = new MeterLoad(xyz, key, "LOAD1", QuarterHourAgo(24));
        await load.AnsweredAsync(20);

        await portal.KillAsync(status => RunningPortal.Service(status, "xyz0002", "ingest"));
        await load.AnsweredAsync(20);
        await portal.KillAsync(status => status["database"]!);
        await load.AnsweredAsync(20);
        var answered = await load.EndAsync();

        await xyz.AnswersAsync("/api/devices");
        var stored = (await xyz.MeasurementsAsync(device)).ToDictionary(row => (DateTimeOffset)row["time"]!, row => (double)row["activePowerKw"]!);
        Assert.All(answered, row => Assert.Equal(row.Value, stored[row.Key], precision: 3));
    }

    private static async Task<JsonNode[]> EnergyAsync(StackClient client, string device, DateTimeOffset from, DateTimeOffset to)
    {
        var answer = await client.GetAsync($"/api/energy?deviceId={device}&interval=15m&from={Uri.EscapeDataString(from.ToString("O"))}&to={Uri.EscapeDataString(to.ToString("O"))}");
        return [.. answer["intervals"]!.AsArray().Select(interval => interval!)];
    }

    private static (int Accepted, int Duplicate, int Rejected) Counts(JsonNode answer) =>
        ((int)answer["accepted"]!, (int)answer["duplicate"]!, (int)answer["rejected"]!);

    /// <summary>The start of the quarter-hour so many hours ago.</summary>
    private static DateTimeOffset QuarterHourAgo(int hours)
    {
        var quarter = TimeSpan.FromMinutes(15).Ticks;
        return new DateTimeOffset(TimeProvider.System.GetUtcNow().Ticks / quarter * quarter, TimeSpan.Zero).AddHours(-hours);
    }
}
