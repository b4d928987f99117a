using Portal.Domain.Energy;

namespace Portal.Domain.Tariffs;

/// <summary>A day on a site's clock as instants. Where the zone changes its offset it has 23 or 25 hours, in two pieces.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Start">UTC ticks of its first instant.</param>
/// <param name="End">UTC ticks of the next day's first instant; equal to <paramref name="Start"/> for a day that a zone left out.</param>
internal readonly record struct LocalDay(DateOnly Date, long Start, long End)
{
    public static LocalDay Of(DateOnly date, TimeZoneInfo zone) =>
        new(
            date,
            IntervalGrid.StartOfDay(date.ToDateTime(TimeOnly.MinValue), zone).UtcTicks,
            IntervalGrid.StartOfDay(date.AddDays(1).ToDateTime(TimeOnly.MinValue), zone).UtcTicks
        );

    /// <summary>The local date of an instant.</summary>
    public static DateOnly DateOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>Share of the day that lies within <c>[from, to)</c>, 0 to 1.</summary>
    public decimal Share(long from, long to)
    {
        var within = Math.Min(to, End) - Math.Max(from, Start);
        return Start == End ? (from <= Start && Start < to ? 1 : 0)
            : within <= 0 ? 0
            : within == End - Start ? 1
            : (decimal)within / (End - Start);
    }

    /// <summary>Stretches of the day with one offset each, in order.</summary>
    public void Pieces(TimeZoneInfo zone, List<DayPiece> into)
    {
        into.Clear();
        var midnight = Date.ToDateTime(TimeOnly.MinValue).Ticks;
        for (var start = Start; start < End; )
        {
            var offset = Offset(start, zone);
            var end = Offset(End - 1, zone) == offset ? End : Change(start, End, offset, zone);
            into.Add(new DayPiece(start, end, start + offset - midnight));
            start = end;
        }
    }

    private static long Offset(long instant, TimeZoneInfo zone) => zone.GetUtcOffset(new DateTime(instant, DateTimeKind.Utc)).Ticks;

    /// <summary>The first instant after <paramref name="start"/> with another offset: zones change theirs once a day at most, at whole seconds.</summary>
    private static long Change(long start, long end, long offset, TimeZoneInfo zone)
    {
        var (same, other) = (0L, (end - start) / TimeSpan.TicksPerSecond);
        while (other - same > 1)
        {
            var middle = (same + other) / 2;
            (same, other) = Offset(start + middle * TimeSpan.TicksPerSecond, zone) == offset ? (middle, other) : (same, middle);
        }

        return start + other * TimeSpan.TicksPerSecond;
    }
}

/// <summary>A stretch of a local day with one offset.</summary>
/// <param name="Start">UTC ticks.</param>
/// <param name="End">UTC ticks.</param>
/// <param name="TimeOfDay">What the local clock shows at its start, in ticks since midnight.</param>
internal readonly record struct DayPiece(long Start, long End, long TimeOfDay);
