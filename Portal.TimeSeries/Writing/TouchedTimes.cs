using Portal.TimeSeries.Writing;

namespace Portal.TimeSeries;

/// <summary>What else has to know which times a set touches.</summary>
public static class TouchedTimes
{
    /// <summary>The quarter hours (UTC) of rows that were inserted or changed; each device's in one piece at least, repetitions possible.</summary>
    public static List<(DeviceKey Device, DateTimeOffset QuarterHour)> Quarters(WriteSet set)
    {
        const long quarter = 15 * TimeSpan.TicksPerMinute;
        var touched = new List<(DeviceKey Device, DateTimeOffset QuarterHour)>();
        for (var row = 0; row < set.Count; row++)
        {
            if (!set.IsAccepted(row))
            {
                continue;
            }

            var (device, ticks, _, _) = set.Rows[row];
            var start = new DateTimeOffset(ticks - (ticks % quarter), TimeSpan.Zero);
            if (touched.Count == 0 || touched[^1] != (device, start))
            {
                touched.Add((device, start));
            }
        }

        return touched;
    }

    /// <summary>Makes room for the set's rows, month by month: a row of last year and one of today don't need the months between.</summary>
    public static async Task EnsureRoomAsync(ITimeSeries timeSeries, WriteSet set, CancellationToken cancellationToken)
    {
        var months = new SortedDictionary<(int Year, int Month), (long First, long Last)>();
        foreach (var row in set.Rows)
        {
            var instant = PgTime.Instant(row.Ticks);
            var (first, last) = months.GetValueOrDefault((instant.Year, instant.Month), (row.Ticks, row.Ticks));
            months[(instant.Year, instant.Month)] = (Math.Min(first, row.Ticks), Math.Max(last, row.Ticks));
        }

        foreach (var (first, last) in months.Values)
        {
            await timeSeries.EnsureTimeRangeAsync(PgTime.Instant(first), PgTime.Instant(last), cancellationToken);
        }
    }
}
