using System.Net;
using System.Text.Json.Nodes;
using Portal.Contracts;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Ledger;

public sealed class PostgresLedgerTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    private readonly LedgerScenarios scenarios = new(app);

    [PostgresFact]
    public Task Days_that_both_sides_hold_alike_are_proven_until_a_measurement_comes() =>
        scenarios.Days_that_both_sides_hold_alike_are_proven_until_a_measurement_comes();

    [PostgresFact]
    public Task What_differs_is_answered_with_what_the_fleet_holds_of_it() => scenarios.What_differs_is_answered_with_what_the_fleet_holds_of_it();

    [PostgresFact]
    public Task A_stack_fetches_back_exactly_what_it_pushed() => scenarios.A_stack_fetches_back_exactly_what_it_pushed();

    [PostgresFact]
    public Task A_deleted_device_and_a_deleted_customer_leave_nothing_in_the_ledger() => scenarios.A_deleted_device_and_a_deleted_customer_leave_nothing_in_the_ledger();

    [PostgresFact]
    public Task A_hash_of_a_day_that_changes_meanwhile_is_not_kept() => scenarios.A_hash_of_a_day_that_changes_meanwhile_is_not_kept();

    [PostgresTheory]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    [InlineData("""{"protocolVersion":1}""", "protocolVersion")]
    [InlineData("""{"protocolVersion":3}""", "protocolVersion")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11"}""", "days")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-10","days":[]}""", "to")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2999-11-10","days":[]}""", "to")]
    [InlineData("""{"protocolVersion":2,"from":"yesterday","to":"2026-11-10","days":[]}""", "from")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","days":[null]}""", "days[0].externalId")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","after":"B","days":[DAY]}""", "days[0].externalId")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-11","to":"2026-11-12","days":[DAY]}""", "days[0].day")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","days":[DAY,DAY]}""", "days[1].day")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","days":[DAY],"pending":[{"externalId":"A","day":"2026-11-10"}]}""", "pending[0].day")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","days":[{"externalId":"A","day":"2026-11-10","count":0}]}""", "days[0].count")]
    [InlineData("""{"protocolVersion":2,"from":"2026-11-10","to":"2026-11-11","days":[{"externalId":"A","day":"2026-11-10","count":1,"hash":"xyz"}]}""", "days[0].hash")]
    public async Task What_makes_no_sense_is_refused_with_the_field_that_does_not(string json, string? field)
    {
        using var stack = await app.RegisterAsync();
        var day = $$"""{"externalId":"A","day":"2026-11-10","count":1,"hash":"{{new string('a', 64)}}"}""";
        using var answer = await stack.CompareAsync(json.Replace("DAY", day, StringComparison.Ordinal));
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, problem);
        if (field is not null)
        {
            await Problem.AssertAsync(answer, HttpStatusCode.BadRequest, ProblemKinds.MalformedBatch, field);
        }

        Assert.False(string.IsNullOrWhiteSpace((string?)JsonNode.Parse(problem)!["detail"]));
    }

    [PostgresTheory]
    [InlineData("/api/fleet/ledger/rows?day=2026-11-10")]
    [InlineData("/api/fleet/ledger/rows?externalId=A")]
    [InlineData("/api/fleet/ledger/rows?externalId=A&day=soon")]
    public async Task Rows_are_asked_for_by_device_and_day(string path)
    {
        using var stack = await app.RegisterAsync();
        using var client = app.As(null);
        client.DefaultRequestHeaders.Authorization = new("Bearer", stack.Token);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(path)).StatusCode);
    }
}
