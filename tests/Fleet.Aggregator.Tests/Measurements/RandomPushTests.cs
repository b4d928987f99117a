using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fleet.Aggregator.Measurements;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Random batches of several customers against <see cref="StoredRows"/>, one after another and all at once.</summary>
public sealed class RandomPushTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 10, 31, 0, 0, 0, TimeSpan.Zero); // over the end of a month

    private readonly List<(int Customer, string Device)> devices = [];
    private FleetDatabase database = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return;
        }

        database = await FleetDatabase.CreateAsync();
        foreach (var code in (string[])["ABC0001", "ABC0002", "ABC0003"])
        {
            var customer = await database.CustomerAsync(code);
            foreach (var device in (string[])["AN1", "AN2"])
            {
                await database.DeviceAsync(customer, device);
                devices.Add((customer, device));
            }
        }
    }

    public async Task DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_row_gets_the_outcome_and_the_table_the_values_that_the_plain_rule_says(int seed)
    {
        var table = new StoredRows();
        var pushes = new RandomPushes(seed, devices, Start);
        var random = new Random(seed);
        var writers = new[] { database.Writer, database.FreshWriter() };
        for (var i = 0; i < 60; i++)
        {
            var (customer, batch) = pushes.Next();
            var replaces = random.Next(3) == 0;
            var expected = table.Write(customer, batch, replaces);
            var result = await writers[i % 2].PushAsync(customer, batch, replaces);
            Assert.Equal(expected.Outcomes, result.Outcomes);
            Assert.Equal(expected.Conflicts, result.Conflicts);
        }

        Assert.Equal(table.Lines(), await StoredRows.ReadAsync(database));
    }

    [PostgresTheory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Groups_of_customers_written_at_once_and_twice_give_the_same_table_and_never_wait_in_a_circle(int seed)
    {
        var table = new StoredRows();
        var pushes = new RandomPushes(seed, devices, Start);
        var batches = Enumerable.Range(0, 120).Select(_ => pushes.Next(agree: true)).ToList();
        batches.ForEach(push => table.Write(push.Customer, push.Batch, replaces: false));
        using var retries = Retries();

        // Two processes with two writers each. Every batch is in two groups, each of up to five batches of any customers.
        var random = new Random(seed);
        var groups = new ConcurrentQueue<(bool Replaces, ReceivedPost[] Posts)>(
            batches.Concat(batches).OrderBy(_ => random.Next()).Chunk(5)
                .Select(group => (random.Next(2) == 0, group.Select(push => new ReceivedPost(push.Batch, FleetDatabase.Now, push.Customer)).ToArray()))
        );
        PushWriter[] writers = [database.Writer, database.Writer, database.FreshWriter(), database.FreshWriter()];
        var rollUps = Task.Run(RollUpAsync);
        await Task.WhenAll(
            writers.Select(writer =>
                Task.Run(async () =>
                {
                    while (groups.TryDequeue(out var group))
                    {
                        var set = await writer.WriteAsync(group.Posts, group.Replaces, new(PushSteps.None.Open, TouchAsync), CancellationToken.None);
                        Assert.All(set.Results(), result => Assert.Equal(0, result.Conflicts));
                    }
                })
            )
        );
        await rollUps;

        Assert.Equal(table.Lines(), await StoredRows.ReadAsync(database));
        Assert.DoesNotContain(retries.GetMeasurementSnapshot(), retry => Equals(retry.Tags["reason"], "collision"));
        await database.RefreshAllAsync();
        await RawRows.AssertHoursAsync(database);

        async Task RollUpAsync()
        {
            while (!groups.IsEmpty)
            {
                await database.TimeSeries.RefreshAsync(CancellationToken.None);
            }
        }
    }

    [PostgresTheory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Replacing_writers_that_disagree_leave_each_row_as_one_of_them_has_it(int seed)
    {
        const int rows = 2_000;
        using var retries = Retries();
        var random = new Random(seed);
        await Task.WhenAll(
            Enumerable.Range(1, 4).Select(writer =>
            {
                // Half of them newest first; two values, so that a mixture would be seen.
                var order = Enumerable.Range(0, rows).ToArray();
                var batch = new MeasurementBatch();
                foreach (var i in writer % 2 == 0 ? order : order.Reverse())
                {
                    Pushes.Add(batch, devices[i % 2].Device, Start.AddMinutes(-i * 30), [(Quantities.EnergyImportKwh, writer), (Quantities.ActivePowerKw, writer)]);
                }

                return Task.Run(() => database.FreshWriter().PushAsync(devices[0].Customer, batch, replaces: true));
            })
        );

        Assert.Equal((long)rows, await database.ScalarAsync<long>(
            """SELECT count(*) FROM fleet."PowerMeasurements" WHERE "EnergyImportKwh" IN (1, 2, 3, 4) AND "ActivePowerKw" = "EnergyImportKwh" """
        ));
        Assert.DoesNotContain(retries.GetMeasurementSnapshot(), retry => Equals(retry.Tags["reason"], "collision"));
    }

    private MetricCollector<long> Retries() =>
        new(database.Get<IMeterFactory>(), WriterMetrics.MeterName, "portal.measurements.write.retries");

    // What the push remembers of its customers, in the order of their keys.
    private static async Task TouchAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, WriteSet set, CancellationToken cancellationToken)
    {
        foreach (var customer in set.Posts.Select(post => post.CustomerId).Distinct().Order())
        {
            await using var command = new NpgsqlCommand("""UPDATE fleet."Customers" SET "LastPushAt" = now() WHERE "Id" = $1""", connection, transaction);
            command.Parameters.Add(new() { Value = customer });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
