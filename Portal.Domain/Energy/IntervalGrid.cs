namespace Portal.Domain.Energy;

/// <summary>
/// Edges of intervals on a site's clock. A day has 23 or 25 hours where the zone changes its offset, a month what its days
/// have; every edge is an instant, so intervals never overlap and leave nothing out.
/// </summary>
public static class IntervalGrid
{
    /// <summary>
    /// Edges of all intervals that touch <c>[from, to)</c>: the first at or before <paramref name="from"/>, the last at or
    /// after <paramref name="to"/>. One interval at least, also where <paramref name="to"/> equals <paramref name="from"/>.
    /// </summary>
    /// <param name="most">Most intervals to give, inclusive.</param>
    /// <returns>n + 1 ascending edges, in the zone's offset of each; null where there would be more than <paramref name="most"/> intervals.</returns>
    public static List<DateTimeOffset>? Edges(DateTimeOffset from, DateTimeOffset to, IntervalLength length, TimeZoneInfo zone, int most)
    {
        var edges = new List<DateTimeOffset> { Floor(from, length, zone) };
        do
        {
            if (edges.Count > most)
            {
                return null;
            }

            edges.Add(Next(edges[^1], length, zone));
        } while (edges[^1] < to);

        return edges;
    }

    /// <summary>Start of the interval that holds this instant.</summary>
    public static DateTimeOffset Floor(DateTimeOffset instant, IntervalLength length, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return length switch
        {
            IntervalLength.Day => StartOfDay(local.Date, zone),
            IntervalLength.Month => StartOfDay(new DateTime(local.Year, local.Month, 1), zone),
            _ => FloorOnClock(local, Clock(length), zone),
        };
    }

    /// <summary>Start of the interval after the one that starts here.</summary>
    public static DateTimeOffset Next(DateTimeOffset start, IntervalLength length, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(start, zone);
        if (length is IntervalLength.Day or IntervalLength.Month)
        {
            // From the middle of the day: its start may have been moved past midnight by a change of offset.
            var date = length == IntervalLength.Day ? local.Date.AddDays(1) : new DateTime(local.Year, local.Month, 1).AddMonths(1);
            return StartOfDay(date, zone);
        }

        var step = Clock(length);
        var next = TimeZoneInfo.ConvertTime(local + step, zone);
        if (next.Offset == local.Offset)
        {
            return next;
        }

        // Offsets may change by half an hour: up to the next mark of the new clock, which gives one longer interval.
        var past = next.TimeOfDay.Ticks % step.Ticks;
        return past == 0 ? next : TimeZoneInfo.ConvertTime(next + TimeSpan.FromTicks(step.Ticks - past), zone);
    }

    /// <summary>
    /// The first instant of a date in a zone: midnight, the earlier one where the clock shows it twice, the moment of the
    /// change where it shows none.
    /// </summary>
    public static DateTimeOffset StartOfDay(DateTime date, TimeZoneInfo zone)
    {
        var midnight = DateTime.SpecifyKind(date.Date, DateTimeKind.Unspecified);
        if (zone.IsAmbiguousTime(midnight))
        {
            return new DateTimeOffset(midnight, zone.GetAmbiguousTimeOffsets(midnight).Max());
        }

        if (!zone.IsInvalidTime(midnight))
        {
            return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
        }

        // The clock jumps over midnight: with the offset before the jump, midnight is the very instant of it.
        var before = zone.GetUtcOffset(midnight.AddHours(-3));
        return TimeZoneInfo.ConvertTime(new DateTimeOffset(midnight, before), zone);
    }

    private static TimeSpan Clock(IntervalLength length) =>
        length switch
        {
            IntervalLength.Minute => TimeSpan.FromMinutes(1),
            IntervalLength.FiveMinutes => TimeSpan.FromMinutes(5),
            IntervalLength.TenMinutes => TimeSpan.FromMinutes(10),
            IntervalLength.QuarterHour => TimeSpan.FromMinutes(15),
            IntervalLength.Hour => TimeSpan.FromHours(1),
            _ => throw new ArgumentOutOfRangeException(nameof(length), length, "Days and months have no fixed length."),
        };

    private static DateTimeOffset FloorOnClock(DateTimeOffset local, TimeSpan step, TimeZoneInfo zone)
    {
        // Going back over a change of offset by less than a step may end between two marks of the older clock: once more then.
        while (local.TimeOfDay.Ticks % step.Ticks is var past and not 0)
        {
            local = TimeZoneInfo.ConvertTime(local - TimeSpan.FromTicks(past), zone);
        }

        return local;
    }
}
