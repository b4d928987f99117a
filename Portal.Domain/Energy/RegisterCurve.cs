namespace Portal.Domain.Energy;

/// <summary>
/// The energy a register counted, as a curve that never falls: readings are its corners, resets are bridged
/// (<see cref="RegisterReset"/>), and between corners it is straight. Energy over an interval is the difference of the curve
/// at its edges, so intervals always add up.
/// </summary>
public sealed class RegisterCurve
{
    /// <summary>
    /// An edge between two readings counts as read when they are no further apart than this share of the interval: then the
    /// straight line can shift at most a tenth of the interval's energy to its neighbour.
    /// </summary>
    private const double KnownEdgeShare = 0.1;

    // Corners column by column: times in UTC ticks, what was counted from the first reading on, and how many of the steps so far go over a reset.
    private readonly long[] times;
    private readonly double[] counted;
    private readonly int[] resets;

    /// <param name="buckets">Ordered by time, not overlapping. Include the last known one before and the first after the range asked for.</param>
    public RegisterCurve(IEnumerable<RegisterBucket> buckets)
        : this([.. buckets]) { }

    /// <inheritdoc cref="RegisterCurve(IEnumerable{RegisterBucket})"/>
    public RegisterCurve(ReadOnlySpan<RegisterBucket> buckets)
    {
        var corners = new Corners(2 * buckets.Length);
        for (var i = 0; i < buckets.Length; i++)
        {
            ref readonly var bucket = ref buckets[i];
            var (energy, reset) = i > 0 ? Between(buckets[i - 1], bucket) : (0, false);
            corners.Add(bucket.FirstAt, energy, reset);
            if (bucket.LastAt > bucket.FirstAt)
            {
                (energy, reset) = Within(bucket);
                corners.Add(bucket.LastAt, energy, reset);
            }
        }

        (times, counted, resets) = corners.Columns;
    }

    /// <summary>Time of the first known reading; null where there is none.</summary>
    public DateTimeOffset? FirstAt => times.Length > 0 ? new DateTimeOffset(times[0], TimeSpan.Zero) : null;

    /// <summary>Time of the last known reading; null where there is none.</summary>
    public DateTimeOffset? LastAt => times.Length > 0 ? new DateTimeOffset(times[^1], TimeSpan.Zero) : null;

    /// <summary>Energy of each interval between neighbouring edges.</summary>
    /// <param name="edges">Ascending; n edges give n − 1 intervals.</param>
    public EnergyInterval[] Intervals(IReadOnlyList<DateTimeOffset> edges)
    {
        var intervals = new EnergyInterval[Math.Max(0, edges.Count - 1)];
        for (var i = 0; i < intervals.Length; i++)
        {
            intervals[i] = Over(edges[i], edges[i + 1]);
        }

        return intervals;
    }

    /// <summary>
    /// Energy of several meters together. One that had not started yet counts as nothing; one that has gone silent makes the
    /// sum an estimate, since its part is missing.
    /// </summary>
    public static EnergyInterval[] Sum(IReadOnlyCollection<RegisterCurve> curves, IReadOnlyList<DateTimeOffset> edges)
    {
        var sum = new EnergyInterval[Math.Max(0, edges.Count - 1)];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = new EnergyInterval(edges[i], null, false);
            foreach (var curve in curves)
            {
                var part = curve.Over(edges[i], edges[i + 1]);
                var silent = part.Value is null && curve.LastAt <= edges[i];
                sum[i] = new EnergyInterval(
                    edges[i],
                    part.Value is null ? sum[i].Value : (sum[i].Value ?? 0) + part.Value,
                    sum[i].Estimated || part.Estimated || silent
                );
            }

            if (sum[i].Value is null)
            {
                sum[i] = sum[i] with { Estimated = false };
            }
        }

        return sum;
    }

    /// <summary>Energy over <c>[from, to)</c>; the known part of it where readings start later or end earlier.</summary>
    public EnergyInterval Over(DateTimeOffset from, DateTimeOffset to)
    {
        if (times.Length == 0 || to <= from)
        {
            return new EnergyInterval(from, null, false);
        }

        var start = Math.Max(from.UtcTicks, times[0]);
        var end = Math.Min(to.UtcTicks, times[^1]);
        if (end <= start)
        {
            return new EnergyInterval(from, null, false);
        }

        var tolerated = (to - from) * KnownEdgeShare;
        var (first, last) = (Point(start, FirstCornerAtOrAfter(start)), Point(end, FirstCornerAtOrAfter(end)));
        var partial = start != from.UtcTicks || end != to.UtcTicks;
        var estimated = partial || first.Gap > tolerated || last.Gap > tolerated || last.ResetsMet > first.ResetsDone;
        return new EnergyInterval(from, last.Counted - first.Counted, estimated);
    }

    /// <summary>The curve at ascending instants, without searching for each.</summary>
    internal CurveWalk Walk() => new(this);

    /// <summary>UTC ticks of the first and the last reading; only where there is one.</summary>
    internal (long First, long Last) Range => (times[0], times[^1]);

    /// <summary>The first corner at or after a time within the range, looked for from an earlier one on.</summary>
    /// <param name="from">Where to begin; null: anywhere.</param>
    internal int CornerAtOrAfter(long time, int? from)
    {
        if (from is not { } index)
        {
            return FirstCornerAtOrAfter(time);
        }

        while (times[index] < time)
        {
            index++;
        }

        return index;
    }

    /// <summary>The curve at a time within its range.</summary>
    /// <param name="index">The first corner at or after the time.</param>
    internal CurvePoint Point(long time, int index)
    {
        if (times[index] == time)
        {
            return new CurvePoint(counted[index], TimeSpan.Zero, resets[index], resets[index]);
        }

        var gap = times[index] - times[index - 1];
        var share = (double)(time - times[index - 1]) / gap;
        var value = counted[index - 1] + (counted[index] - counted[index - 1]) * share;
        return new CurvePoint(value, TimeSpan.FromTicks(gap), resets[index - 1], resets[index]);
    }

    private static (double Energy, bool Reset) Between(in RegisterBucket before, in RegisterBucket after) =>
        RegisterReset.Happened(before.Last, after.First)
            ? (RegisterReset.EnergySince(after.First, after.FirstAt - before.LastAt, Larger(before.PeakPowerKw, after.PeakPowerKw)), true)
            : (Math.Max(0, after.First - before.Last), false);

    private static (double Energy, bool Reset) Within(in RegisterBucket bucket)
    {
        var reset = RegisterReset.Happened(bucket.Max, bucket.Last) || RegisterReset.Happened(bucket.First, bucket.Min);
        if (!reset)
        {
            return (Math.Max(0, bucket.Last - bucket.First), false);
        }

        // Up to the highest reading, down to the lowest, up again: exact for one reset, too little for several.
        var since = RegisterReset.EnergySince(bucket.Min, bucket.LastAt - bucket.FirstAt, bucket.PeakPowerKw);
        return (bucket.Max - bucket.First + since + (bucket.Last - bucket.Min), true);
    }

    private static double? Larger(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);

    private int FirstCornerAtOrAfter(long time)
    {
        var (low, high) = (0, times.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle] < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private struct Corners(int most)
    {
        private readonly long[] times = new long[most];
        private readonly double[] counted = new double[most];
        private readonly int[] resets = new int[most];
        private int count;

        public readonly (long[] Times, double[] Counted, int[] Resets) Columns =>
            count == times.Length ? (times, counted, resets) : (times[..count], counted[..count], resets[..count]);

        /// <param name="energy">Energy of the step that ends here.</param>
        /// <param name="reset">That step goes over a reset.</param>
        public void Add(DateTimeOffset at, double energy, bool reset)
        {
            times[count] = at.UtcTicks;
            counted[count] = (count > 0 ? counted[count - 1] : 0) + energy;
            resets[count] = (count > 0 ? resets[count - 1] : 0) + (reset ? 1 : 0);
            count++;
        }
    }
}
