namespace MeterSimulator.Loads;

/// <summary>
/// Clock, sun and weather of one site. Not safe for several threads: it remembers the day it was last asked for, so each meter has
/// its own.
/// </summary>
internal sealed class Surroundings(TimeZoneInfo zone, ulong weatherKey, double latitude, double longitude)
{
    private const int MinutesPerDay = 1440;
    private static readonly double[] Cosine =
        [.. Enumerable.Range(0, MinutesPerDay).Select(minute => Math.Cos(2 * Math.PI * minute / MinutesPerDay))];

    private readonly ulong _weather = Noise.Key(weatherKey, "weather");
    private readonly double _solarOffsetMinutes = longitude * 4; // the earth turns one degree in four minutes
    private long _utcDay = -1;
    private int _offsetAtStart;
    private int _offsetAtEnd;
    private double _seasonC;
    private double _sunConstant;
    private double _sunSwing;

    public LocalMinute At(long minute)
    {
        var utcDay = minute / MinutesPerDay;
        if (utcDay != _utcDay) Enter(utcDay);

        var offset = _offsetAtStart == _offsetAtEnd ? _offsetAtStart : OffsetAt(minute); // a day on which the clocks change
        var (day, ofDay) = Math.DivRem(minute + offset, MinutesPerDay);
        var solar = (int)(((minute % MinutesPerDay) + (long)_solarOffsetMinutes + MinutesPerDay) % MinutesPerDay);
        var sun = _sunConstant - (_sunSwing * Cosine[solar]);
        var coolest = (ofDay + MinutesPerDay - 180) % MinutesPerDay; // 03:00 is the coolest, 15:00 the warmest hour
        var ambient = _seasonC - (6 * Cosine[coolest]) + (3 * Noise.Smooth(_weather, minute, 2000));
        return new LocalMinute(minute, day, (int)ofDay, (DayOfWeek)((day + 4) % 7), ambient, sun); // 1970-01-01 was a Thursday
    }

    private void Enter(long utcDay)
    {
        _utcDay = utcDay;
        _offsetAtStart = OffsetAt(utcDay * MinutesPerDay);
        _offsetAtEnd = OffsetAt(((utcDay + 1) * MinutesPerDay) - 1);

        // Declination by Cooper's formula; good to half a degree, which no load notices.
        var yearAngle = 2 * Math.PI * (utcDay % 365.2425) / 365.2425;
        var declination = 0.4093 * Math.Sin(yearAngle - 1.405);
        var phi = latitude * Math.PI / 180;
        _sunConstant = Math.Sin(phi) * Math.Sin(declination);
        _sunSwing = Math.Cos(phi) * Math.Cos(declination);

        // Warmest three weeks after the solstice of the site's hemisphere.
        var summer = latitude < 0 ? 0.18 : 0.18 + Math.PI;
        _seasonC = 17 + (6 * Math.Cos(yearAngle - summer));
    }

    private int OffsetAt(long minute) =>
        (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(minute * 60)).TotalMinutes;
}
