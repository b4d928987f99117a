using Portal.Domain.Measurements;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Batches of some customers' devices over two days, repeatable by their seed: in any order, late, repeated, and with any part of the columns.</summary>
internal sealed class RandomPushes(int seed, IReadOnlyList<(int Customer, string Device)> devices, DateTimeOffset start)
{
    private static readonly Quantity[] Columns =
        [Quantities.ActivePowerKw, Quantities.EnergyImportKwh, Quantities.EnergyExportKwh, Quantities.FrequencyHz, Quantities.LoadType];

    private readonly Random random = new(seed);

    /// <summary>One batch: up to forty rows of one device, mostly neighbours, often instants that were pushed before.</summary>
    /// <param name="agree">True: the value of a device, instant and quantity is always the same one.</param>
    public (int Customer, MeasurementBatch Batch) Next(bool agree = false)
    {
        var (customer, device) = devices[random.Next(devices.Count)];
        var batch = new MeasurementBatch();
        var minute = random.Next(0, 2 * 24 * 60);
        var step = random.Next(4) == 0 ? random.Next(1, 90) : 1;
        var rows = random.Next(1, 40);
        var share = random.NextDouble();
        for (var i = 0; i < rows; i++)
        {
            var time = start.AddMinutes(minute + (i * step));
            var values = Columns
                .Where(_ => random.NextDouble() < share)
                .Select(quantity => (quantity, Value(quantity, agree ? Hash(customer, device, time, quantity) : random.Next())))
                .ToArray();
            if (values.Length > 0)
            {
                Pushes.Add(batch, device, time, values);
            }
        }

        return (customer, batch);
    }

    // The same in every run of the tests, unlike the framework's own hash codes.
    private static int Hash(int customer, string device, DateTimeOffset time, Quantity quantity) =>
        unchecked((((((int)(time.UtcTicks / TimeSpan.TicksPerMinute) * 31) + customer) * 31) + device[^1]) * 31) + quantity.Index;

    // Values that single precision keeps, so that what is read back is what was written.
    private static double Value(Quantity quantity, int from) =>
        quantity.Kind == QuantityKind.LoadType ? "LCR"[Math.Abs(from % 3)] : from % 100_000 / 8.0;
}
