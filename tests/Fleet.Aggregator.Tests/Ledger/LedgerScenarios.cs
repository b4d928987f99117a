using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Contracts.Fleet;
using Portal.Domain.Ledger;
using Portal.Domain.Measurements;

namespace Fleet.Aggregator.Tests.Ledger;

/// <summary>What the fleet's side of the ledger does on either engine.</summary>
internal sealed class LedgerScenarios(AggregatorApp app)
{
    private static readonly DateOnly Day = new(2026, 11, 10);

    public async Task Days_that_both_sides_hold_alike_are_proven_until_a_measurement_comes()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B");
        Assert.Null((await LineAsync(operators, stack)).OpenDifferences);
        await CompareAsync(stack, Day, Day.AddDays(2), []);
        Assert.Null((await LineAsync(operators, stack)).OpenDifferences); // that there is nothing yet proves nothing
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 5)},{Rows("B", Day, 3)},{Rows("A", Day.AddDays(1), 2)}]");
        await CompareAsync(stack, Day.AddDays(-2), Day, []);
        Assert.Null((await LineAsync(operators, stack)).OpenDifferences); // nor do rows of days that are not compared yet

        var answer = await CompareAsync(stack, Day, Day.AddDays(2), [Held("A", Day, 5), Held("B", Day, 3), Held("A", Day.AddDays(1), 2)]);
        Assert.Equal((3, 0), (answer.Equal, answer.Differences.Count));
        var ledger = await LedgerAsync(operators, stack);
        Assert.Equal((3L, 0L, 10L, null), (ledger.ProvenDeviceDays, ledger.OpenDifferences, ledger.RowsProven, ledger.OldestUnproven));
        Assert.NotNull(ledger.LastExchangeAt);
        Assert.Equal([new(Day.AddDays(1), false, 1, 0, 0, 2), new(Day, false, 2, 0, 0, 8)], ledger.Days);
        Assert.Equal(0, (await LineAsync(operators, stack)).OpenDifferences);

        // The same rows again change nothing; another one does.
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 5)}]");
        Assert.Equal(3L, (await LedgerAsync(operators, stack)).ProvenDeviceDays);
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 6)}]");
        ledger = await LedgerAsync(operators, stack);
        Assert.Equal((2L, Day), (ledger.ProvenDeviceDays, ledger.OldestUnproven));
        answer = await CompareAsync(stack, Day, Day.AddDays(1), [Held("A", Day, 6), Held("B", Day, 3)]);
        Assert.Equal((2, 0), (answer.Equal, answer.Differences.Count));
    }

    public async Task What_differs_is_answered_with_what_the_fleet_holds_of_it()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B", "C", "D");
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 5)},{Rows("B", Day, 3)},{Rows("C", Day, 4)},{Rows("C", Day.AddDays(-1), 4)}]");

        // A has one more row there, B is pending, C is not named: its stack has lost it. D was never pushed, nor was E itself.
        var answer = await CompareAsync(stack, Day, Day.AddDays(1), [Held("A", Day, 6), Held("D", Day, 1), Held("E", Day, 1)], [new("B", Day)]);

        Assert.Equal(0, answer.Equal);
        var times = Enumerable.Range(0, 5).Select(i => At(Day, i)).ToList();
        Assert.Equal(
            [
                new("A", Day, 5, times[0], times[4], 4, Hash(Day, 5)),
                new("C", Day, 4, times[0], times[3], 3, Hash(Day, 4)),
                new("D", Day, 0, null, null, null, null),
                new("E", Day, 0, null, null, null, null),
            ],
            answer.Differences.OrderBy(day => day.ExternalId)
        );
        Assert.Equal(3, (await LineAsync(operators, stack)).OpenDifferences); // of E nothing is known
        var ledger = await LedgerAsync(operators, stack);
        Assert.Equal((0L, 3L, Day.AddDays(-1)), (ledger.ProvenDeviceDays, ledger.OpenDifferences, ledger.OldestUnproven));

        // A serial at a time, as with thousands of devices.
        answer = await CompareAsync(stack, Day, Day.AddDays(1), [Held("B", Day, 3)], after: "A", until: "B");
        Assert.Equal((1, 0), (answer.Equal, answer.Differences.Count));

        // Mended: what the stack has is the right thing.
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 6)},{Rows("D", Day, 1)}]", more: ",\"replace\":true");
        answer = await CompareAsync(stack, Day.AddDays(-1), Day.AddDays(1), [Held("A", Day, 6), Held("B", Day, 3), Held("C", Day, 4), Held("C", Day.AddDays(-1), 4), Held("D", Day, 1)]);
        Assert.Equal((5, 0), (answer.Equal, answer.Differences.Count));
        Assert.Equal(0, (await LineAsync(operators, stack)).OpenDifferences);
        Assert.Null((await LedgerAsync(operators, stack)).OldestUnproven);
    }

    public async Task A_stack_fetches_back_exactly_what_it_pushed()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await stack.PushAsync("sites", """[{"externalId":"S","name":"Plant","timeZone":"Africa/Johannesburg"}]""");
        await stack.PushAsync("devices", """[{"externalId":"A 1/ä","siteExternalId":"S","name":"Main","model":"Acuvim II","role":"main"}]""");
        var row = """{"externalId":"A 1/ä","time":"2026-11-10T00:00:00.123456Z","frequencyHz":49.98,"energyImportKwh":1234567.891,"loadType":"C"}""";
        await stack.PushAsync("measurements", $$"""[{{row}},{"externalId":"A 1/ä","time":"2026-11-09T23:59:59Z","frequencyHz":50},{"externalId":"A 1/ä","time":"2026-11-11T00:00:00Z","frequencyHz":50}]""");

        using var answer = await stack.FetchAsync("A 1/ä", Day);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var rows = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("""{"externalId":"S","name":"Plant","timeZone":"Africa/Johannesburg"}""", rows["site"]!.ToJsonString());
        Assert.Equal(("Main", "S", "Acuvim II", "main"), ((string?)rows["device"]!["name"], (string?)rows["device"]!["siteExternalId"], (string?)rows["device"]!["model"], (string?)rows["device"]!["role"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($"[{row}]"), rows["measurements"]), rows["measurements"]!.ToJsonString());

        Assert.Equal(HttpStatusCode.NotFound, (await other.FetchAsync("A 1/ä", Day)).StatusCode);
        other.Token = "pft_wrong";
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.FetchAsync("A 1/ä", Day)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.CompareAsync(Request(Day, Day.AddDays(1), []))).StatusCode);
        using var operators = app.As("Admin");
        Assert.Equal(HttpStatusCode.Unauthorized, (await operators.GetAsync("/api/fleet/ledger/rows?externalId=A&day=2026-11-10")).StatusCode);
    }

    public async Task A_deleted_device_and_a_deleted_customer_leave_nothing_in_the_ledger()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B");
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 5)},{Rows("B", Day, 3)}]");
        await CompareAsync(stack, Day, Day.AddDays(1), []);
        Assert.Equal(2L, (await LedgerAsync(operators, stack)).OpenDifferences);

        await stack.PushAsync("devices", """[{"externalId":"B","deleted":true}]""");
        Assert.Equal(1L, (await LedgerAsync(operators, stack)).OpenDifferences);
        Assert.Empty((await CompareAsync(stack, Day, Day.AddDays(1), [Held("A", Day, 5)])).Differences);

        await app.ExecuteAsync("""DELETE FROM fleet."Customers" WHERE "Id" = $1""", stack.Id);
        Assert.Equal(0L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."LedgerDays" WHERE "CustomerId" = $1""", stack.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await operators.GetAsync($"/api/fleet/customers/{stack.Id}/ledger")).StatusCode);
    }

    public async Task A_hash_of_a_day_that_changes_meanwhile_is_not_kept()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 5)}]");

        // Somebody has read its rows and is about to write the hash.
        var hashing = Guid.NewGuid();
        await app.ExecuteAsync("""UPDATE fleet."LedgerDays" SET "Hashing" = $2 WHERE "CustomerId" = $1""", stack.Id, hashing);
        await stack.PushAsync("measurements", $"[{Rows("A", Day, 6)}]");
        Assert.Equal(0L, await app.ScalarAsync<long>("""SELECT count("Hashing") FROM fleet."LedgerDays" WHERE "CustomerId" = $1""", stack.Id));
        Assert.Equal(1, (await CompareAsync(stack, Day, Day.AddDays(1), [Held("A", Day, 6)])).Equal);
    }

    public static DateTimeOffset At(DateOnly day, int minute) => new(day.ToDateTime(new TimeOnly(0, minute)), TimeSpan.Zero);

    public static string Request(DateOnly from, DateOnly to, IReadOnlyList<LedgerDay> days, IReadOnlyList<PendingDay>? pending = null, string? after = null, string? until = null) =>
        JsonSerializer.Serialize(new LedgerRequest(2, from, to, after, until, days, pending), JsonSerializerOptions.Web);

    /// <summary>What a stack holds that has pushed <see cref="Rows"/>.</summary>
    public static LedgerDay Held(string externalId, DateOnly day, int rows) => new(externalId, day, rows, At(day, 0), At(day, rows - 1), rows - 1, Hash(day, rows));

    // A row a minute, and the register up by one kWh in each.
    private static string Rows(string externalId, DateOnly day, int rows) =>
        string.Join(
            ',',
            Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"externalId":"{{externalId}}","time":"{{At(day, i):O}}","energyImportKwh":{{1000 + i}},"activePowerKw":60.1}"""))
        );

    private static string Hash(DateOnly day, int rows)
    {
        using var hash = new DayHash();
        var values = new double[Quantities.Count];
        values.AsSpan().Fill(double.NaN);
        for (var i = 0; i < rows; i++)
        {
            (values[Quantities.EnergyImportKwh.Index], values[Quantities.ActivePowerKw.Index]) = (1000 + i, 60.1);
            hash.Append(At(day, i).UtcTicks, values);
        }

        return hash.Finish();
    }

    private static async Task<LedgerAnswer> CompareAsync(
        Pusher stack,
        DateOnly from,
        DateOnly to,
        IReadOnlyList<LedgerDay> days,
        IReadOnlyList<PendingDay>? pending = null,
        string? after = null,
        string? until = null
    )
    {
        using var answer = await stack.CompareAsync(Request(from, to, days, pending, after, until));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<LedgerAnswer>())!;
    }

    private static async Task<CustomerLedger> LedgerAsync(HttpClient operators, Pusher stack) =>
        (await operators.GetFromJsonAsync<CustomerLedger>($"/api/fleet/customers/{stack.Id}/ledger"))!;

    private static async Task<DashboardCustomer> LineAsync(HttpClient operators, Pusher stack) =>
        (await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail"))!.Customer;
}
