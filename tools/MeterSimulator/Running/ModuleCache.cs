using MeterSimulator.Posts;

namespace MeterSimulator.Running;

/// <summary>
/// What a module keeps until it is acknowledged: not the readings, which can be had again, but which ones. Holds at most a month;
/// beyond, the oldest are given up and counted, as in the module. Safe for several threads.
/// </summary>
internal sealed class ModuleCache(int step, ReplayOrder order)
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private const int HourSeconds = 3600;
    private const int DaySeconds = 86_400;

    private readonly Lock _gate = new();
    private readonly List<ReadingRange> _ranges = []; // ascending, never touching each other
    private readonly long _most = Math.Max(1, (long)Longest.TotalSeconds / step);
    private long _count;

    /// <summary>Readings that wait.</summary>
    public long Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Adds one reading, in any order.</summary>
    /// <returns>How many were given up for it.</returns>
    public long Add(long at)
    {
        lock (_gate)
        {
            var next = _ranges.FindIndex(range => range.First > at);
            if (next < 0) next = _ranges.Count;
            if (next > 0 && _ranges[next - 1].Last >= at) return 0; // there already
            _ranges.Insert(next, new(at, 1, step));
            Join(next);
            if (next > 0) Join(next - 1);
            return Trim(++_count);
        }
    }

    /// <summary>
    /// Takes the next file out of the cache: an hour's readings while a day or less waits, a day's beyond that. The order is that of
    /// whole files, as in the field.
    /// </summary>
    public bool TryTake(out ReadingRange file)
    {
        lock (_gate)
        {
            file = default;
            if (_ranges.Count == 0) return false;
            var fileSeconds = _ranges[^1].Last - _ranges[0].First <= DaySeconds ? HourSeconds : DaySeconds;
            var index = order == ReplayOrder.NewestFirst ? _ranges.Count - 1 : 0;
            var range = _ranges[index];
            _ranges.RemoveAt(index);
            if (order == ReplayOrder.NewestFirst)
            {
                var fileStart = range.Last - (range.Last % fileSeconds);
                var kept = fileStart <= range.First ? 0 : (int)((fileStart - range.First + step - 1) / step);
                file = range.Slice(kept, range.Count - kept);
                if (kept > 0) _ranges.Insert(index, range.Slice(0, kept));
            }
            else
            {
                var fileEnd = range.First - (range.First % fileSeconds) + fileSeconds;
                var taken = (int)Math.Min(range.Count, (fileEnd - range.First + step - 1) / step);
                file = range.Slice(0, taken);
                if (taken < range.Count) _ranges.Insert(index, range.Slice(taken, range.Count - taken));
            }

            _count -= file.Count;
            return true;
        }
    }

    private void Join(int index)
    {
        if (index + 1 >= _ranges.Count || _ranges[index].Last + step != _ranges[index + 1].First) return;
        _ranges[index] = _ranges[index] with { Count = _ranges[index].Count + _ranges[index + 1].Count };
        _ranges.RemoveAt(index + 1);
    }

    private long Trim(long count)
    {
        var surplus = count - _most;
        for (var rest = surplus; rest > 0;)
        {
            var oldest = _ranges[0];
            var dropped = (int)Math.Min(rest, oldest.Count);
            if (dropped == oldest.Count) _ranges.RemoveAt(0);
            else _ranges[0] = oldest.Slice(dropped, oldest.Count - dropped);
            rest -= dropped;
        }

        _count = Math.Min(count, _most);
        return Math.Max(0, surplus);
    }
}
