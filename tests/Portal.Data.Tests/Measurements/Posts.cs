using Portal.Domain.Measurements;

namespace Portal.Data.Tests.Measurements;

/// <summary>Short forms for writing down posts.</summary>
internal static class Posts
{
    public static readonly DateTimeOffset Start = new(2026, 11, 10, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A batch of rows, each with its values by quantity.</summary>
    public static MeasurementBatch Of(params (string Device, DateTimeOffset Time, (Quantity Quantity, double Value)[] Values)[] rows)
    {
        var batch = new MeasurementBatch();
        foreach (var (device, time, values) in rows)
        {
            Add(batch, device, time.UtcTicks, isLocal: false, isRepeated: false, values);
        }

        return batch;
    }

    /// <summary>One row with one value.</summary>
    public static MeasurementBatch Of(string device, DateTimeOffset time, Quantity quantity, double value) =>
        Of((device, time, [(quantity, value)]));

    /// <summary>Rows on the wall clock of the site, numbered 1, 2, … in <c>energyImportKwh</c>.</summary>
    public static MeasurementBatch Local(string device, params string[] times)
    {
        var batch = new MeasurementBatch();
        for (var i = 0; i < times.Length; i++)
        {
            var isRepeated = times[i].EndsWith('*');
            var time = DateTime.Parse(times[i].TrimEnd('*'), System.Globalization.CultureInfo.InvariantCulture);
            Add(batch, device, time.Ticks, isLocal: true, isRepeated, [(Quantities.EnergyImportKwh, i + 1)]);
        }

        return batch;
    }

    /// <summary>A row a minute with power and register, from a time on.</summary>
    public static MeasurementBatch Minutes(string device, DateTimeOffset from, int rows)
    {
        var batch = new MeasurementBatch();
        for (var i = 0; i < rows; i++)
        {
            var time = from.AddMinutes(i).UtcTicks;
            Add(batch, device, time, false, false, [(Quantities.ActivePowerKw, i % 100), (Quantities.EnergyImportKwh, 1000 + i)]);
        }

        return batch;
    }

    public static void Add(
        MeasurementBatch batch,
        string device,
        long ticks,
        bool isLocal,
        bool isRepeated,
        (Quantity Quantity, double Value)[] values
    )
    {
        var row = batch.Add(new RowKey(batch.Device(device), ticks, isLocal, batch.Count, isRepeated), out _);
        foreach (var (quantity, value) in values)
        {
            batch.Fill(row, quantity, value);
        }
    }
}
