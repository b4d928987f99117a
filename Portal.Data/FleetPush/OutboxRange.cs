using Portal.Domain.Measurements;

namespace Portal.Data.FleetPush;

/// <summary>A stretch of a device's measurements that is to be pushed.</summary>
/// <param name="First">Ticks of the first row's time (UTC), inclusive.</param>
/// <param name="Last">Ticks of the last row's, inclusive.</param>
public readonly record struct OutboxRange(int DeviceId, long First, long Last);

/// <summary>Notes that are pushed together: acknowledged when all rows of their ranges are.</summary>
/// <param name="NoteIds">Exactly these are deleted then; empty: nothing waits.</param>
/// <param name="Ranges">What they say, overlaps merged, by device and time.</param>
/// <param name="TraceParents">Trace contexts of transactions that noted, a few of them.</param>
public sealed record OutboxRound(long[] NoteIds, IReadOnlyList<OutboxRange> Ranges, IReadOnlyList<string> TraceParents);

/// <summary>One row as it is read; the same object each time, so nothing may keep it.</summary>
public sealed class StoredRow
{
    internal StoredRow() => Values.AsSpan().Fill(double.NaN);

    public string ExternalId { get; internal set; } = "";

    /// <summary>Ticks of its time, UTC.</summary>
    public long UtcTicks { get; internal set; }

    /// <summary>By <see cref="Quantity.Index"/>; NaN is absent. Instantaneous ones are the stored <c>float</c>, widened.</summary>
    public double[] Values { get; } = new double[Quantities.Count];
}
