namespace Portal.Domain.Tariffs;

/// <summary>Which days a clock takes as holidays. One that falls on a Sunday stays a Sunday.</summary>
/// <param name="Calendar">A calendar of <see cref="HolidayCalendars"/>; null: only the listed dates.</param>
/// <param name="Dates">Days besides those of the calendar, such as an election day.</param>
/// <param name="Rule">What they count as, where the tariff's version has no rule of its own.</param>
public sealed record ClockHolidays(string? Calendar, IReadOnlyList<ListedHoliday> Dates, HolidayRule Rule)
{
    /// <summary>Name of the holiday on a day; null where it is none.</summary>
    public string? On(DateOnly date) =>
        Dates.FirstOrDefault(listed => listed.Date == date)?.Name ?? (Calendar is null ? null : HolidayCalendars.Find(Calendar)?.Invoke(date));
}

/// <summary>A day that is a holiday by itself.</summary>
public sealed record ListedHoliday(DateOnly Date, string Name);

/// <summary>What holidays count as.</summary>
/// <param name="CountsAs">Kind of day whose windows apply.</param>
/// <param name="Except">Other kinds by the holiday's name: utilities treat <c>Good Friday</c> and <c>Heritage Day</c> differently.</param>
public sealed record HolidayRule(DayKind CountsAs, IReadOnlyDictionary<string, DayKind> Except)
{
    public DayKind Of(string holiday) => Except.TryGetValue(holiday, out var kind) ? kind : CountsAs;
}
