using Fleet.Aggregator.Events;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Events;

public sealed class FewEventsApp : AggregatorApp
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["IngestEvents:MaxCount"] = "10000", ["IngestEvents:MaxAge"] = "2.00:00:00" };
}

public sealed class IngestEventTests(FewEventsApp app) : IClassFixture<FewEventsApp>
{
    private const string Fill = """
        INSERT INTO fleet."IngestEvents" ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected", "ReceivedAt", "DurationMs", "Bytes")
        SELECT $1, gen_random_uuid(), 'measurements', 200, 1, 1, 0, 0, now() - n * $2, 1, 1 FROM generate_series(1, $3) n
        """;

    [PostgresFact]
    public async Task The_guides_questions_are_answered_by_an_index()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await app.ExecuteAsync(Fill, stack.Id, TimeSpan.FromSeconds(1), 200);
        await app.ExecuteAsync(Fill, other.Id, TimeSpan.FromSeconds(1), 40_000);
        await app.ExecuteAsync("""ANALYZE fleet."IngestEvents" """);

        var ofOne = await PlanAsync($"""SELECT * FROM fleet."IngestEvents" WHERE "CustomerId" = '{stack.Id}' ORDER BY "ReceivedAt" DESC""");
        var ofAll = await PlanAsync("""SELECT "BatchType","RowsAccepted","ReceivedAt" FROM fleet."IngestEvents" ORDER BY "ReceivedAt" DESC LIMIT 10""");

        var newest = await PlanAsync($"""SELECT * FROM fleet."IngestEvents" WHERE "CustomerId" = {stack.Id} ORDER BY "ReceivedAt" DESC, "Id" DESC LIMIT 20""");
        Assert.Contains("\"PK_IngestEvents\"", ofOne, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", ofOne, StringComparison.Ordinal);
        Assert.Contains("Index Scan Backward using \"PK_IngestEvents\"", newest, StringComparison.Ordinal);
        Assert.Contains("Index Scan Backward using \"IX_IngestEvents_ReceivedAt\"", ofAll, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Old_and_surplus_events_are_dropped_and_with_them_the_memory_of_their_batches()
    {
        using var stack = await app.RegisterAsync();
        await app.ExecuteAsync("""DELETE FROM fleet."IngestEvents" """);
        await stack.PushDevicesAsync("D");
        var keeper = app.Services.GetRequiredService<IngestEventKeeper>();
        var id = Guid.CreateVersion7();
        const string Row = """[{"externalId":"D","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""";
        Assert.Equal(1, (await stack.PushAsync("measurements", Row, id)).Accepted);
        await app.ExecuteAsync("""UPDATE fleet."IngestEvents" SET "ReceivedAt" = now() - interval '49 hours' WHERE "BatchId" = $1""", id);
        await app.ExecuteAsync(Fill, stack.Id, TimeSpan.FromSeconds(10), 15_000); // 41 hours
        await app.ExecuteAsync("""ANALYZE fleet."IngestEvents" """);

        Assert.InRange(await keeper.RunAsync(CancellationToken.None), 5_000, 15_000);
        Assert.Equal(10_000L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."IngestEvents" """));
        await app.ExecuteAsync("""ANALYZE fleet."IngestEvents" """);
        Assert.Equal(0, await keeper.RunAsync(CancellationToken.None));

        // Its id is forgotten; its row is there.
        var again = await stack.PushAsync("measurements", Row, id);
        Assert.Equal((0, 1), (again.Accepted, again.Duplicate));
    }

    [PostgresFact]
    public async Task However_many_there_are_those_of_the_last_hour_stay()
    {
        using var stack = await app.RegisterAsync();
        await app.ExecuteAsync("""DELETE FROM fleet."IngestEvents" """);
        await app.ExecuteAsync(Fill, stack.Id, TimeSpan.FromMilliseconds(1), 12_000);
        await app.ExecuteAsync("""ANALYZE fleet."IngestEvents" """);

        Assert.Equal(0, await app.Services.GetRequiredService<IngestEventKeeper>().RunAsync(CancellationToken.None));
    }

    private async Task<string> PlanAsync(string sql)
    {
        await using var command = app.Database.CreateCommand("EXPLAIN " + sql);
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        return string.Join('\n', plan);
    }
}
