namespace Portal.TimeSeries.Writing;

/// <summary>
/// What this process knows of the times that devices have rows for, to guess whether a write meets any. A hint only: it may be wrong either
/// way (another process writes too), which costs time and nothing else. An aborted COPY leaves dead rows in the table, so guessing well matters.
/// </summary>
/// <remarks>Bound: 100,000 devices, about 5 MB; beyond that it starts afresh.</remarks>
internal sealed class WrittenTimes
{
    private const int MaxDevices = 100_000;

    private readonly Lock gate = new();
    private readonly Dictionary<int, (long First, long Last)> known = [];

    /// <summary>False where a row lies within the times its device is known to have rows for.</summary>
    public bool SeemsNew(WriteSet set)
    {
        lock (gate)
        {
            foreach (var row in set.Rows)
            {
                if (known.TryGetValue(row.Device.DeviceId, out var times) && row.Ticks >= times.First && row.Ticks <= times.Last)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The set is in the table.</summary>
    /// <param name="metOthers">
    /// It met rows that this process knew nothing of: then there may be any number before it. (After a restart a replay wave would fail
    /// with every post otherwise.)
    /// </param>
    public void Add(WriteSet set, bool metOthers)
    {
        lock (gate)
        {
            if (known.Count > MaxDevices)
            {
                known.Clear();
            }

            foreach (var row in set.Rows)
            {
                var (first, last) = known.GetValueOrDefault(row.Device.DeviceId, (row.Ticks, row.Ticks));
                known[row.Device.DeviceId] = (metOthers ? long.MinValue : Math.Min(first, row.Ticks), Math.Max(last, row.Ticks));
            }
        }
    }
}
