namespace Portal.Domain.Tariffs;

/// <summary>Calendars of public holidays by name, computed for any year.</summary>
public static class HolidayCalendars
{
    public const string SouthAfrica = "south-africa";

    private static readonly Dictionary<string, Func<DateOnly, string?>> All = new(StringComparer.Ordinal)
    {
        [SouthAfrica] = SouthAfricanHolidays.On,
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Gives the name of the holiday on a day, or null. Null where there is no such calendar.</summary>
    public static Func<DateOnly, string?>? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Names of a calendar's holidays; empty where there is no such calendar.</summary>
    public static IReadOnlyList<string> HolidaysOf(string name) => name == SouthAfrica ? SouthAfricanHolidays.Names : [];

    /// <summary>Easter Sunday of a Gregorian year (anonymous algorithm, Meeus, Astronomical Algorithms, chapter 8).</summary>
    public static DateOnly Easter(int year)
    {
        var golden = year % 19;
        var century = year / 100;
        var yearOfCentury = year % 100;
        var epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7;
        var correction = (golden + 11 * epact + 22 * weekday) / 451;
        var days = epact + weekday - 7 * correction + 114;
        return new DateOnly(year, days / 31, days % 31 + 1);
    }
}
