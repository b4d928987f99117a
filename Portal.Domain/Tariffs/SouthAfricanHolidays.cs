namespace Portal.Domain.Tariffs;

/// <summary>
/// Public holidays of the Public Holidays Act 36 of 1994. Where one falls on a Sunday, the Monday after it is one as well (section 2(1)). Days
/// that are proclaimed once, such as those of elections, are not in it: a clock lists them.
/// </summary>
public static class SouthAfricanHolidays
{
    private static readonly (int Month, int Day, string Name)[] Fixed =
    [
        (1, 1, "New Year's Day"),
        (3, 21, "Human Rights Day"),
        (4, 27, "Freedom Day"),
        (5, 1, "Workers' Day"),
        (6, 16, "Youth Day"),
        (8, 9, "National Women's Day"),
        (9, 24, "Heritage Day"),
        (12, 16, "Day of Reconciliation"),
        (12, 25, "Christmas Day"),
        (12, 26, "Day of Goodwill"),
    ];

    /// <summary>Names of all, as <see cref="On"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Fixed.Select(day => day.Name), "Good Friday", "Family Day"];

    /// <summary>Name of the holiday on a day; null where it is none. The Monday after a Sunday has the name of what fell on the Sunday.</summary>
    public static string? On(DateOnly date)
    {
        var easter = HolidayCalendars.Easter(date.Year);
        return date == easter.AddDays(-2) ? "Good Friday"
            : date == easter.AddDays(1) ? "Family Day"
            : OfDate(date) ?? (date.DayOfWeek == DayOfWeek.Monday ? OfDate(date.AddDays(-1)) : null);
    }

    private static string? OfDate(DateOnly date) => Array.Find(Fixed, day => day.Month == date.Month && day.Day == date.Day).Name;
}
