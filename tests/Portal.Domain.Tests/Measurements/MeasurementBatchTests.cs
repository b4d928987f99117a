using FsCheck.Xunit;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Measurements;

public sealed class MeasurementBatchTests
{
    [Property(MaxTest = 2_000)]
    public void A_device_instant_has_one_row_in_whatever_order_it_comes(int seed)
    {
        var random = new Random(seed);
        var batch = new MeasurementBatch();
        var rows = new Dictionary<(int, long, bool, bool), int>();
        var count = 0;
        var isMostlySorted = random.Next(2) == 0;
        for (var source = 0; source < 60; source++)
        {
            var device = batch.Device($"A{random.Next(3)}");
            if (random.Next(8) == 0)
            {
                batch.AddRefused(device, source, RowOutcome.InvalidTime);
                count++;
                continue;
            }

            var ticks = isMostlySorted && random.Next(30) > 0 ? source + 1 : random.Next(1, 40);
            var isLocal = random.Next(isMostlySorted ? 60 : 4) == 0;
            var key = new RowKey(device, ticks, isLocal, source, isLocal && random.Next(2) == 0);

            var row = batch.Add(key, out var isNew);

            Assert.Equal(rows.TryAdd((device, ticks, isLocal, key.IsRepeated), count), isNew);
            count += isNew ? 1 : 0;
            Assert.Equal(rows[(device, ticks, isLocal, key.IsRepeated)], row);
            Assert.Equal(count, batch.Count);
        }
    }

    [Fact]
    public void A_row_is_empty_whatever_its_memory_held_before()
    {
        for (var round = 0; round < 3; round++)
        {
            var batch = new MeasurementBatch();
            var device = batch.Device("A");
            for (var i = 1; i <= 100; i++)
            {
                var row = batch.Add(new RowKey(device, i, false, i), out _);
                Assert.DoesNotContain(batch.Values(row).ToArray(), value => !double.IsNaN(value));
                batch.Values(row).Fill(i);
            }

            Assert.Equal(Enumerable.Range(1, 100).Select(i => (double)i), Enumerable.Range(0, 100).Select(row => batch.Values(row)[^1]));
            Assert.InRange(batch.Bytes, 100 * Quantities.Count * sizeof(double), 100 * 1_000);
            batch.ReleaseValues();
            Assert.Throws<ArgumentOutOfRangeException>(() => batch.Values(0).Length);
        }
    }

    [Fact]
    public void Batches_at_the_same_time_never_share_memory()
    {
        Parallel.For(
            0,
            200,
            seed =>
            {
                var batch = new MeasurementBatch();
                var device = batch.Device("A");
                for (var i = 1; i <= 200; i++)
                {
                    batch.Values(batch.Add(new RowKey(device, i, false, i), out _)).Fill(seed);
                }

                for (var row = 0; row < 200; row++)
                {
                    Assert.DoesNotContain(batch.Values(row).ToArray(), value => value != seed);
                }

                batch.ReleaseValues();
            }
        );
    }
}
