namespace Portal.TimeSeries.Writing;

/// <summary>Rows of a set grouped into ranges of the table's key: one device, neighbouring times.</summary>
internal sealed class StoredRuns
{
    private readonly List<int> rows;
    private readonly List<int> starts = [];

    private StoredRuns(WriteSet set, List<int> rows, long maxGap)
    {
        this.rows = rows;
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 0 || !Continues(set.Rows[rows[i - 1]], set.Rows[rows[i]], maxGap))
            {
                starts.Add(i);
            }
        }

        starts.Add(rows.Count);
        var isEach = maxGap < 0;
        Devices = new int[Count];
        Customers = new int[Count];
        From = new DateTime[Count];
        To = new DateTime[Count];
        Most = new int[Count];
        for (var run = 0; run < Count; run++)
        {
            var first = set.Rows[rows[starts[run]]];
            Devices[run] = first.Device.DeviceId;
            Customers[run] = first.Device.CustomerId;
            From[run] = PgTime.Instant(first.Ticks);
            To[run] = PgTime.Instant(set.Rows[rows[starts[run + 1] - 1]].Ticks);

            // Other loggers' rows may lie in between. What is stored much more densely costs less if asked for row by row.
            Most[run] = isEach ? 1 : (2 * (starts[run + 1] - starts[run])) + 16;
        }
    }

    public int Count => starts.Count - 1;

    public int[] Devices { get; }

    public int[] Customers { get; }

    /// <summary>First instant of each, inclusive.</summary>
    public DateTime[] From { get; }

    /// <summary>Last instant of each, inclusive.</summary>
    public DateTime[] To { get; }

    /// <summary>Most stored rows to read of each.</summary>
    public int[] Most { get; }

    /// <param name="rows">Rows of the set in its order; one at least.</param>
    /// <param name="maxGap">Longest gap within a run, in ticks; negative makes every row a run.</param>
    public static StoredRuns Of(WriteSet set, List<int> rows, long maxGap) => new(set, rows, maxGap);

    /// <summary>The set's row of an instant in a run, or -1: something else is stored in between.</summary>
    public int Find(WriteSet set, int run, long ticks)
    {
        var (low, high) = (starts[run], starts[run + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = set.Rows[rows[middle]].Ticks;
            if (found == ticks)
            {
                return rows[middle];
            }

            (low, high) = found < ticks ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The rows of runs of which <see cref="Most"/> were read, so that there may be more.</summary>
    public List<int> Unfinished(int[] read)
    {
        var unfinished = new List<int>();
        for (var run = 0; run < Count; run++)
        {
            if (Most[run] > 1 && read[run] >= Most[run])
            {
                unfinished.AddRange(rows.GetRange(starts[run], starts[run + 1] - starts[run]));
            }
        }

        return unfinished;
    }

    private static bool Continues(in WriteRow previous, in WriteRow next, long maxGap) =>
        previous.Device == next.Device && next.Ticks > previous.Ticks && next.Ticks - previous.Ticks <= maxGap;
}
