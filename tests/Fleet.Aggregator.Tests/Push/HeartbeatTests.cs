using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class HeartbeatTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    [PostgresFact]
    public async Task A_heartbeat_updates_its_customer_and_leaves_no_event()
    {
        using var stack = await app.RegisterAsync();
        var clock = TimeProvider.System.GetUtcNow().AddHours(2);

        var answer = await stack.BeatAsync(
            $$"""
            {"protocolVersion":2,"softwareVersion":"1.4.0","clock":"{{clock:O}}","backlogRows":42,"newestTime":"2026-11-23T12:00:00+02:00","diskFreeBytes":123456789012,"lastBackupAt":"2026-11-22T01:00:00Z"}
            """
        );

        Assert.Equal((0, 0, 0), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Empty(await app.EventsAsync(stack.Id));
        var row = await app.ScalarAsync<string>(
            """
            SELECT concat("SoftwareVersion", '|', "ProtocolVersion", '|', "BacklogRows", '|', "DiskFreeBytes", '|', "StackNewestTime" = '2026-11-23T10:00:00Z',
                          '|', "LastBackupAt" = '2026-11-22T01:00:00Z', '|', round("ClockSkewSeconds" / 600), '|', "LastPushAt" = "LastHeartbeatAt", '|', "NewestTime" IS NULL)
              FROM fleet."Customers" WHERE "Id" = $1
            """,
            stack.Id
        );
        Assert.Equal("1.4.0|2|42|123456789012|t|t|12|t|t", row);
        using var operators = app.As("Admin");
        var view = await operators.GetFromJsonAsync<CustomerView>($"/api/fleet/customers/{stack.Id}");
        Assert.Equal(("1.4.0", 2), (view!.SoftwareVersion, view.ProtocolVersion));
        Assert.NotNull(view.LastHeartbeatAt);
    }

    [PostgresFact]
    public async Task A_stack_of_the_previous_version_has_no_less_of_a_heartbeat()
    {
        using var stack = await app.RegisterAsync();

        using var answer = await stack.SendAsync(Pusher.Batch("heartbeat", "[]", version: null, more: ""","client":{"backlogRows":1,"somethingNew":{"deep":[1]}}"""));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, await app.ScalarAsync<int>("""SELECT "ProtocolVersion" FROM fleet."Customers" WHERE "Id" = $1""", stack.Id));
    }

    [PostgresTheory]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[]}""", "client")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[],"client":null}""", "client")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[],"client":[]}""", "client")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[],"client":{"backlogRows":-1}}""", "client")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[],"client":{"backlogRows":"many"}}""", "client.backlogRows")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[],"client":{"clock":"yesterday"}}""", "client.clock")]
    [InlineData("""{"batchId":"{id}","batchType":"heartbeat","rows":[{}],"client":{}}""", "rows")]
    public async Task A_heartbeat_that_is_none_names_the_field(string body, string field)
    {
        using var stack = await app.RegisterAsync();

        using var answer = await stack.SendAsync(body.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal));

        await Problem.AssertAsync(answer, HttpStatusCode.BadRequest, "malformed-batch", field);
        var left = Assert.Single(await app.EventsAsync(stack.Id));
        Assert.Equal(("heartbeat", 400), (left.BatchType, left.Status));
    }

    [PostgresFact]
    public async Task What_a_heartbeat_says_is_cut_to_what_is_kept()
    {
        using var stack = await app.RegisterAsync();
        var version = JsonSerializer.Serialize("v\u0000\n" + new string('9', 500));

        await stack.BeatAsync($$"""{"protocolVersion":2,"softwareVersion":{{version}},"backlogRows":9223372036854775807,"clock":"0001-01-01T00:00:00Z","newestTime":"9999-12-31T23:59:59Z"}""");

        Assert.Equal(64, await app.ScalarAsync<int>("""SELECT length("SoftwareVersion") FROM fleet."Customers" WHERE "Id" = $1""", stack.Id));
    }

    [PostgresFact]
    public async Task Heartbeats_of_many_customers_at_once_each_find_their_own()
    {
        var stacks = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.RegisterAsync()));

        await Task.WhenAll(stacks.Select((stack, i) => stack.BeatAsync($$"""{"protocolVersion":2,"softwareVersion":"v{{i}}","backlogRows":{{i}}}""")));

        for (var i = 0; i < stacks.Length; i++)
        {
            Assert.Equal($"v{i}/{i}", await app.ScalarAsync<string>("""SELECT concat("SoftwareVersion", '/', "BacklogRows") FROM fleet."Customers" WHERE "Id" = $1""", stacks[i].Id));
            stacks[i].Dispose();
        }
    }
}
