namespace Portal.Domain.Tariffs;

/// <summary>A time-of-use calendar. It has versions of its own, since windows change at other times than prices.</summary>
/// <param name="Name">As people know it: <c>Eskom</c>.</param>
/// <param name="Versions">In any order, their validities don't overlap.</param>
public sealed record TariffClock(string Name, IReadOnlyList<ClockVersion> Versions)
{
    /// <summary>The version in force on a day; null where there is none.</summary>
    public ClockVersion? On(DateOnly date) => Versions.FirstOrDefault(version => Validity.Holds(version.From, version.To, date));
}

/// <summary>The windows of a clock while they stay the same.</summary>
/// <param name="From">First day, on the site's clock.</param>
/// <param name="To">The day after the last one; null: until further notice.</param>
/// <param name="Bands">Names of the bands, the order is that of bills. One at least.</param>
/// <param name="Otherwise">Band of all time that no window names; null: the windows name all of it.</param>
/// <param name="Seasons">Each month of the year belongs to one.</param>
/// <param name="Holidays">Which days are holidays, and what they count as; null: holidays are days like any other.</param>
public sealed record ClockVersion(
    DateOnly From,
    DateOnly? To,
    IReadOnlyList<string> Bands,
    string? Otherwise,
    IReadOnlyList<ClockSeason> Seasons,
    ClockHolidays? Holidays = null
);

/// <summary>Months in which days have the same windows.</summary>
/// <param name="Name">As the tariff's prices call it.</param>
/// <param name="Months">1 to 12.</param>
/// <param name="Days">Windows of each kind of day; <see cref="DayKind.Holiday"/> only where holidays have windows of their own.</param>
public sealed record ClockSeason(string Name, IReadOnlyList<int> Months, IReadOnlyDictionary<DayKind, IReadOnlyList<ClockWindow>> Days);

/// <summary>Part of a day in one band.</summary>
/// <param name="From">Minute of the local day it starts with, 0 to 1439.</param>
/// <param name="To">Minute of the local day it ends before, up to 1440.</param>
/// <param name="Band">One of the clock's bands.</param>
public readonly record struct ClockWindow(int From, int To, string Band)
{
    /// <summary>Minutes of a day that has no change of offset.</summary>
    public const int DayMinutes = 24 * 60;
}
