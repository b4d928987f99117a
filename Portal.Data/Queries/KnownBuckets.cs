using System.Runtime.InteropServices;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>Buckets of one register of one device, in which it is known: those of a range, and some before and after it.</summary>
/// <param name="from">UTC ticks; start of the range's first bucket.</param>
/// <param name="to">UTC ticks; start of the first bucket after the range.</param>
/// <param name="most">How many the range has.</param>
internal sealed class KnownBuckets(long from, long to, int most)
{
    /// <summary>Buckets around a range that are read with it, about.</summary>
    private const int Around = 8;

    private readonly List<RegisterBucket> buckets = [];
    private bool isInOrder = true;

    /// <summary>True where none is known before the range, or none after it.</summary>
    public bool LacksEdge => buckets.Count == 0 || InOrder()[0].FirstAt.UtcTicks >= from || InOrder()[^1].FirstAt.UtcTicks < to;

    /// <param name="bucket">Nearly always the next one; it is not there yet.</param>
    public void Add(in RegisterBucket bucket)
    {
        if (buckets.Count == 0) buckets.Capacity = most + Around;
        isInOrder &= buckets.Count == 0 || buckets[^1].FirstAt < bucket.FirstAt;
        buckets.Add(bucket);
    }

    /// <summary>The range's curve with the last bucket before it and the first one after it.</summary>
    public RegisterCurve Curve()
    {
        var (first, end) = (0, buckets.Count);
        var ordered = InOrder();
        while (first + 1 < end && ordered[first + 1].FirstAt.UtcTicks < from) first++;
        while (end - 2 >= first && ordered[end - 2].FirstAt.UtcTicks >= to) end--;
        return new RegisterCurve(ordered[first..end]);
    }

    private ReadOnlySpan<RegisterBucket> InOrder()
    {
        if (!isInOrder)
        {
            buckets.Sort((one, other) => one.FirstAt.CompareTo(other.FirstAt));
            isInOrder = true;
        }

        return CollectionsMarshal.AsSpan(buckets);
    }
}
