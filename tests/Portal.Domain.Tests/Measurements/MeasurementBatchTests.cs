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
}
