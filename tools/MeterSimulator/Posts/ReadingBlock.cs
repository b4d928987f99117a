using System.Buffers;
using MeterSimulator.Fleet;
using MeterSimulator.Metering;

namespace MeterSimulator.Posts;

/// <summary>A meter's readings over a range, row by row, in rented memory (a month by the minute is 22 MB).</summary>
internal sealed class ReadingBlock : IDisposable
{
    private readonly double[] _values;

    public ReadingBlock(MeterPlan meter, ReadingRange range)
    {
        Meter = meter;
        Range = range;
        _values = ArrayPool<double>.Shared.Rent(range.Count * Quantities.Count);
        for (var i = 0; i < range.Count; i++)
        {
            meter.Meter.Read(DateTimeOffset.FromUnixTimeSeconds(range.At(i)), _values.AsSpan(i * Quantities.Count, Quantities.Count));
        }
    }

    public MeterPlan Meter { get; }

    public ReadingRange Range { get; }

    public double this[int row, Quantity quantity] => _values[(row * Quantities.Count) + (int)quantity];

    /// <summary>What the meter's own clock says at a reading.</summary>
    public DateTimeOffset Stamp(int row) => DateTimeOffset.FromUnixTimeSeconds(Range.At(row)) + Meter.Meter.Events.ClockAhead;

    public void Dispose() => ArrayPool<double>.Shared.Return(_values);
}
