using Portal.Domain.Tariffs;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>The clocks of the tariff design, in force for ever.</summary>
internal static class Clocks
{
    public const string High = "high";
    public const string Low = "low";
    public const string Peak = "peak";
    public const string Standard = "standard";
    public const string OffPeak = "off-peak";

    public static readonly DateOnly Always = new(1990, 1, 1);

    private static readonly int[] Winter = [6, 7, 8];
    private static readonly int[] RestOfTheYear = [1, 2, 3, 4, 5, 9, 10, 11, 12];

    /// <summary>Eskom from 2025: holidays count as Sundays.</summary>
    public static TariffClock Eskom { get; } = Of(
        "Eskom",
        DayKind.Sunday,
        Season(High, Winter, "06-08 17-20", "08-17 20-22", "07-12 17-19", "17-19"),
        Season(Low, RestOfTheYear, "07-09 18-21", "06-07 09-18 21-22", "07-12 18-20", "18-20")
    );

    /// <summary>City Power: the same all year, holidays count as Saturdays.</summary>
    public static TariffClock CityPower { get; } = Of(
        "City Power",
        DayKind.Saturday,
        Season(High, Winter, "07-10 18-20", "06-07 10-18 20-22", "07-12 18-20", "17-19"),
        Season(Low, RestOfTheYear, "07-10 18-20", "06-07 10-18 20-22", "07-12 18-20", "17-19")
    );

    /// <summary>Cape Town: as Eskom's low season, all year.</summary>
    public static TariffClock CapeTown { get; } = Of(
        "Cape Town",
        DayKind.Sunday,
        Season(High, Winter, "07-09 18-21", "06-07 09-18 21-22", "07-12 18-20", "18-20"),
        Season(Low, RestOfTheYear, "07-09 18-21", "06-07 09-18 21-22", "07-12 18-20", "18-20")
    );

    public static TariffClock Of(string name, DayKind holidaysCountAs, params ClockSeason[] seasons) =>
        new(
            name,
            [
                new ClockVersion(
                    Always,
                    null,
                    [Peak, Standard, OffPeak],
                    OffPeak,
                    seasons,
                    new ClockHolidays(HolidayCalendars.SouthAfrica, [], new HolidayRule(holidaysCountAs, new Dictionary<string, DayKind>()))
                ),
            ]
        );

    public static ClockSeason Season(string name, int[] months, string peak, string standard, string saturday, string sunday) =>
        new(
            name,
            months,
            new Dictionary<DayKind, IReadOnlyList<ClockWindow>>
            {
                [DayKind.Weekday] = [.. Windows(Peak, peak), .. Windows(Standard, standard)],
                [DayKind.Saturday] = [.. Windows(Standard, saturday)],
                [DayKind.Sunday] = [.. Windows(Standard, sunday)],
            }
        );

    /// <param name="hours"><c>06-08 17-20</c>, or with minutes <c>06:30-08</c>.</param>
    public static IEnumerable<ClockWindow> Windows(string band, string hours) =>
        hours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(span => span.Split('-')).Select(edges => new ClockWindow(Minute(edges[0]), Minute(edges[1]), band));

    private static int Minute(string time)
    {
        var parts = time.Split(':').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return parts[0] * 60 + (parts.Count > 1 ? parts[1] : 0);
    }
}
