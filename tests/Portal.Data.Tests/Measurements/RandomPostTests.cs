using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.Measurements;

/// <summary>Random posts against <see cref="StoredTable"/>.</summary>
public sealed class RandomPostTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_row_gets_the_outcome_and_the_table_the_values_that_the_plain_rule_says(int seed)
    {
        var devices = await DevicesAsync($"R{seed}-", 3);
        var table = new StoredTable();
        var writers = new[] { database.Writer, database.FreshWriter() };
        foreach (var (post, i) in new RandomPosts(seed, devices).Take(40, 300, agree: false).Select((post, i) => (post, i)))
        {
            var expected = table.Write(post);
            var result = await writers[i % 2].WriteAsync(post, CancellationToken.None);
            Assert.Equal(expected.Outcomes, result.Outcomes);
            Assert.Equal(expected.Conflicts, result.Conflicts);
        }

        Assert.Equal(table.Lines(), await StoredTable.ReadAsync(database, $"R{seed}-"));
    }

    [PostgresTheory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Posts_in_any_order_and_any_partition_give_the_same_table(int seed)
    {
        var devices = await DevicesAsync($"P{seed}-", 2);
        var posts = new RandomPosts(seed, devices);
        var original = posts.Take(30, 200, agree: true);
        var table = new StoredTable();
        original.ForEach(post => table.Write(post));

        foreach (var post in posts.Redeal(original))
        {
            await database.Writer.WriteAsync(post, CancellationToken.None);
        }

        Assert.Equal(table.Lines(), await StoredTable.ReadAsync(database, $"P{seed}-"));

        var before = await database.FingerprintAsync();
        foreach (var post in posts.Redeal(original))
        {
            var replay = await database.Writer.WriteAsync(post, CancellationToken.None);
            Assert.All(replay.Outcomes, outcome => Assert.Equal(RowOutcome.Duplicate, outcome));
            Assert.Equal(0, replay.Conflicts);
        }

        Assert.Equal(before, await database.FingerprintAsync());
    }

    [PostgresTheory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Concurrent_writers_give_the_same_table_and_never_wait_for_each_other_in_a_circle(int seed)
    {
        var devices = await DevicesAsync($"C{seed}-", 4);
        var posts = new RandomPosts(seed, devices);
        var original = posts.Take(60, 600, agree: true);
        var table = new StoredTable();
        original.ForEach(post => table.Write(post));
        using var retries = database.Collect<long>("portal.measurements.write.retries");

        // Two processes with two writers each; every row is written twice, in different posts.
        MeasurementWriter[] writers = [database.Writer, database.Writer, database.FreshWriter(), database.FreshWriter()];
        var queue = new System.Collections.Concurrent.ConcurrentQueue<MeasurementBatch>(original.Concat(posts.Redeal(original)));
        var accepted = 0;
        await Task.WhenAll(
            writers.Select(writer =>
                Task.Run(async () =>
                {
                    while (queue.TryDequeue(out var post))
                    {
                        var result = await writer.WriteAsync(post, CancellationToken.None);
                        Assert.Equal(0, result.Conflicts);
                        Interlocked.Add(ref accepted, result.Outcomes.Count(outcome => outcome == RowOutcome.Accepted));
                    }
                })
            )
        );

        Assert.Equal(table.Lines(), await StoredTable.ReadAsync(database, $"C{seed}-"));
        Assert.True(accepted >= table.Count);
        Assert.DoesNotContain(retries.GetMeasurementSnapshot(), retry => Equals(retry.Tags["reason"], "collision"));
    }

    [PostgresTheory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Concurrent_writers_that_disagree_store_one_value_and_count_every_other_as_a_conflict(int seed)
    {
        const int writers = 4;
        const int rows = 3_000;
        var devices = await DevicesAsync($"D{seed}-", 3);
        using var retries = database.Collect<long>("portal.measurements.write.retries");
        var ready = new TaskCompletionSource();
        var writing = Enumerable
            .Range(0, writers)
            .Select(async writer =>
            {
                // Half of them newest first, and all over three months.
                var order = Enumerable.Range(0, rows);
                var batch = new MeasurementBatch();
                foreach (var i in writer % 2 == 0 ? order : order.Reverse())
                {
                    (Quantity, double)[] values = [(Quantities.EnergyImportKwh, writer)];
                    Posts.Add(batch, devices[i % 3], Posts.Start.AddMinutes(-i * 40).Ticks, false, false, values);
                }

                await ready.Task;
                return await database.FreshWriter().WriteAsync(batch, CancellationToken.None);
            })
            .ToArray();
        ready.SetResult();
        var results = await Task.WhenAll(writing);

        Assert.Equal(rows, results.Sum(result => result.Outcomes.Count(outcome => outcome == RowOutcome.Accepted)));
        Assert.Equal(rows * (writers - 1), results.Sum(result => result.Conflicts));
        Assert.DoesNotContain(retries.GetMeasurementSnapshot(), retry => Equals(retry.Tags["reason"], "collision"));
    }

    private async Task<string[]> DevicesAsync(string prefix, int count)
    {
        var serials = Enumerable.Range(0, count).Select(i => $"{prefix}{i}").ToArray();
        foreach (var serial in serials)
        {
            await database.DeviceAsync(externalId: serial);
        }

        return serials;
    }
}
