using Fleet.Aggregator.Measurements;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Short forms for writing down what stacks push.</summary>
internal static class Pushes
{
    public static readonly DateTimeOffset Start = new(2026, 11, 10, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A batch of rows, each with its values by quantity.</summary>
    public static MeasurementBatch Of(params (string Device, DateTimeOffset Time, (Quantity Quantity, double Value)[] Values)[] rows)
    {
        var batch = new MeasurementBatch();
        foreach (var (device, time, values) in rows)
        {
            Add(batch, device, time, values);
        }

        return batch;
    }

    /// <summary>One row with one value.</summary>
    public static MeasurementBatch Of(string device, DateTimeOffset time, Quantity quantity, double value) =>
        Of((device, time, [(quantity, value)]));

    /// <summary>A row a minute with power and register, from a time on.</summary>
    public static MeasurementBatch Minutes(string device, DateTimeOffset from, int rows)
    {
        var batch = new MeasurementBatch();
        for (var i = 0; i < rows; i++)
        {
            Add(batch, device, from.AddMinutes(i), [(Quantities.ActivePowerKw, i % 100), (Quantities.EnergyImportKwh, 1000 + i)]);
        }

        return batch;
    }

    public static void Add(MeasurementBatch batch, string device, DateTimeOffset time, (Quantity Quantity, double Value)[] values)
    {
        var row = batch.Add(new RowKey(batch.Device(device), time.UtcTicks, false, batch.Count), out _);
        foreach (var (quantity, value) in values)
        {
            batch.Fill(row, quantity, value);
        }
    }

    /// <summary>Writes one customer's batch and says what became of it.</summary>
    public static async Task<WriteResult> PushAsync(this PushWriter writer, int customer, MeasurementBatch batch, bool replaces = false)
    {
        var post = new ReceivedPost(batch, FleetDatabase.Now, customer);
        return Assert.Single((await writer.WriteAsync([post], replaces, PushSteps.None, CancellationToken.None)).Results());
    }
}
