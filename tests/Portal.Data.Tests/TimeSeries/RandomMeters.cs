namespace Portal.Data.Tests.TimeSeries;

/// <summary>Posts of three meters over two days, repeatable by their seed: in any order, late, repeated, and with any part of the columns.</summary>
internal sealed class RandomMeters(int seed, DateTimeOffset start)
{
    public const int Devices = 3;

    private readonly Random random = new(seed);

    /// <summary>One post: up to forty rows of one meter, mostly neighbours, often instants that were posted before.</summary>
    public List<TestRow> Post()
    {
        var device = random.Next(1, Devices + 1);
        var minute = random.Next(0, 2 * 24 * 60);
        var step = random.Next(4) == 0 ? random.Next(1, 90) : 1;
        return
        [
            .. Enumerable.Range(0, random.Next(1, 40)).Select(i => Row(device, start + TimeSpan.FromMinutes(minute + (i * step)))).DistinctBy(row => row.Time),
        ];
    }

    private TestRow Row(int device, DateTimeOffset time)
    {
        var share = random.NextDouble();
        return new TestRow(device, time, [.. TestRow.Columns.Select(_ => random.NextDouble() < share ? Value() : (double?)null)]);
    }

    // Values that single precision keeps, so that what is read back is what was written.
    private double Value() => random.Next(-100_000, 100_000) / 8.0;
}
