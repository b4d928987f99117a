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

    private readonly List<Corner> corners = [];

    /// <param name="buckets">Ordered by time, not overlapping. Include the last known one before and the first after the range asked for.</param>
    public RegisterCurve(IEnumerable<RegisterBucket> buckets)
    {
        RegisterBucket? previous = null;
        var counted = 0.0;
        foreach (var bucket in buckets)
        {
            var bridged = false;
            if (previous is { } last)
            {
                var (energy, reset) = Between(last, bucket);
                counted += energy;
                bridged = reset;
            }

            corners.Add(new Corner(bucket.FirstAt, counted, bridged));
            if (bucket.LastAt > bucket.FirstAt)
            {
                var (energy, reset) = Within(bucket);
                counted += energy;
                corners.Add(new Corner(bucket.LastAt, counted, reset));
            }

            previous = bucket;
        }
    }

    /// <summary>Time of the first known reading; null where there is none.</summary>
    public DateTimeOffset? FirstAt => corners.Count > 0 ? corners[0].At : null;

    /// <summary>Time of the last known reading; null where there is none.</summary>
    public DateTimeOffset? LastAt => corners.Count > 0 ? corners[^1].At : null;

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
        if (corners.Count == 0 || to <= from)
        {
            return new EnergyInterval(from, null, false);
        }

        var start = from < corners[0].At ? corners[0].At : from;
        var end = to > corners[^1].At ? corners[^1].At : to;
        if (end <= start)
        {
            return new EnergyInterval(from, null, false);
        }

        var tolerated = (to - from) * KnownEdgeShare;
        var (atStart, startGap, startIndex) = At(start);
        var (atEnd, endGap, endIndex) = At(end);
        var firstStep = startGap == TimeSpan.Zero ? startIndex + 1 : startIndex;
        var partial = start != from || end != to;
        var estimated = partial || startGap > tolerated || endGap > tolerated || AnyBridged(firstStep, endIndex);
        return new EnergyInterval(from, atEnd - atStart, estimated);
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

    /// <summary>The curve at a time within its range, how far apart the readings around it are (zero on a reading), and the corner at or after it.</summary>
    private (double Counted, TimeSpan Gap, int Index) At(DateTimeOffset time)
    {
        var index = FirstCornerAtOrAfter(time);
        var after = corners[index];
        if (after.At == time)
        {
            return (after.Counted, TimeSpan.Zero, index);
        }

        var before = corners[index - 1];
        var gap = after.At - before.At;
        var share = (time - before.At) / gap;
        return (before.Counted + (after.Counted - before.Counted) * share, gap, index);
    }

    /// <summary>True where one of the steps that end at these corners goes over a reset.</summary>
    private bool AnyBridged(int firstStep, int lastStep)
    {
        for (var i = firstStep; i <= lastStep; i++)
        {
            if (corners[i].Bridged)
            {
                return true;
            }
        }

        return false;
    }

    private int FirstCornerAtOrAfter(DateTimeOffset time)
    {
        var (low, high) = (0, corners.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (corners[middle].At < time)
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

    /// <param name="At">Time of a reading.</param>
    /// <param name="Counted">Energy counted from the first reading to this one.</param>
    /// <param name="Bridged">The step that ends here goes over a reset.</param>
    private readonly record struct Corner(DateTimeOffset At, double Counted, bool Bridged);
}
