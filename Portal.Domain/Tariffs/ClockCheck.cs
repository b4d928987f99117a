using System.Globalization;

namespace Portal.Domain.Tariffs;

/// <summary>What a clock must be so that every minute of every day has exactly one band.</summary>
public static class ClockCheck
{
    /// <summary>Most bands of a clock; no tariff in use has more than six.</summary>
    public const int MaxBands = 16;

    /// <summary>Most versions, seasons, windows of a day, listed holidays.</summary>
    public const int MaxItems = 200;

    /// <summary>Kinds of day by their name on the wire.</summary>
    public static IReadOnlyDictionary<string, DayKind> Kinds { get; } =
        Enum.GetValues<DayKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <param name="path">Of the clock, such as <c>clocks[0]</c>; empty where the clock is the whole body.</param>
    public static void Check(TariffClock clock, string path, TariffFaults faults)
    {
        var dot = path.Length == 0 ? "" : path + ".";
        faults.Name(clock.Name, $"{dot}name");
        faults.Require(clock.Versions.Count is >= 1 and <= MaxItems, $"{dot}versions", $"There must be 1 to {MaxItems} versions.");
        faults.Overlaps([.. clock.Versions.Select(version => (version.From, version.To))], i => $"{dot}versions[{i}].from");
        foreach (var (i, version) in clock.Versions.Index())
        {
            Check(version, $"{dot}versions[{i}]", faults);
        }
    }

    private static void Check(ClockVersion version, string path, TariffFaults faults)
    {
        faults.Range(version.From, version.To, $"{path}.to");
        faults.Require(version.Bands.Count is >= 1 and <= MaxBands, $"{path}.bands", $"There must be 1 to {MaxBands} bands.");
        faults.Unique(version.Bands, i => $"{path}.bands[{i}]", "band");
        foreach (var (i, band) in version.Bands.Index())
        {
            faults.Name(band, $"{path}.bands[{i}]");
        }

        if (version.Otherwise is { } otherwise)
        {
            faults.Require(version.Bands.Contains(otherwise), $"{path}.otherwise", UnknownBand(otherwise, version));
        }

        faults.Unique(version.Seasons.Select(season => season.Name), i => $"{path}.seasons[{i}].name", "season");
        CheckMonths(version, path, faults);
        foreach (var (i, season) in version.Seasons.Index())
        {
            faults.Name(season.Name, $"{path}.seasons[{i}].name");
            CheckDays(version, season, $"{path}.seasons[{i}]", faults);
        }

        if (version.Holidays is { } holidays)
        {
            CheckHolidays(holidays, $"{path}.holidays", faults);
            CheckRule(holidays.Rule, version, $"{path}.holidays", faults);
        }
    }

    /// <summary>Holidays with windows of their own need those windows; exceptions name holidays that there are.</summary>
    internal static void CheckRule(HolidayRule rule, ClockVersion version, string path, TariffFaults faults)
    {
        var own = rule.CountsAs == DayKind.Holiday || rule.Except.Values.Contains(DayKind.Holiday);
        var without = version.Seasons.FirstOrDefault(season => !season.Days.ContainsKey(DayKind.Holiday));
        if (own && without is not null)
        {
            faults.Add(path, $"Holidays count as days of their own, but season '{without.Name}' has no windows under 'holiday'.");
        }

        var names = version.Holidays is null ? [] : NamesOf(version.Holidays);
        foreach (var name in rule.Except.Keys.Where(name => !names.Contains(name)))
        {
            faults.Add($"{path}.except", $"There is no holiday '{name}'. There are {string.Join(", ", names)}.");
        }
    }

    internal static string UnknownBand(string band, ClockVersion version) =>
        $"There is no band '{band}'. The clock has {string.Join(", ", version.Bands)}.";

    private static void CheckMonths(ClockVersion version, string path, TariffFaults faults)
    {
        var owners = new string?[13];
        foreach (var (i, season) in version.Seasons.Index())
        {
            foreach (var (j, month) in season.Months.Index())
            {
                if (!faults.Require(month is >= 1 and <= 12, $"{path}.seasons[{i}].months[{j}]", "Must be a month from 1 to 12."))
                {
                    continue;
                }

                faults.Require(owners[month] is null, $"{path}.seasons[{i}].months[{j}]", $"Month {month} belongs to season '{owners[month]}' already.");
                owners[month] ??= season.Name;
            }
        }

        var without = Enumerable.Range(1, 12).Where(month => owners[month] is null).ToList();
        faults.Require(without.Count == 0, $"{path}.seasons", $"No season has month {string.Join(", ", without)}.");
    }

    private static void CheckDays(ClockVersion version, ClockSeason season, string path, TariffFaults faults)
    {
        foreach (var (name, kind) in Kinds)
        {
            if (!season.Days.TryGetValue(kind, out var windows))
            {
                faults.Require(kind == DayKind.Holiday, path, $"Has no windows under '{name}'. An empty list is all in the band of all other time.");
                continue;
            }

            faults.Require(windows.Count <= MaxItems, $"{path}.{name}", $"There may be {MaxItems} windows at most.");
            CheckWindows(version, windows, $"{path}.{name}", faults);
        }
    }

    private static void CheckWindows(ClockVersion version, IReadOnlyList<ClockWindow> windows, string path, TariffFaults faults)
    {
        var sound = new List<(int Index, ClockWindow Window)>();
        foreach (var (i, window) in windows.Index())
        {
            faults.Require(version.Bands.Contains(window.Band), $"{path}[{i}].band", UnknownBand(window.Band, version));
            var within = window.From >= 0 && window.To <= ClockWindow.DayMinutes && window.From < window.To;
            if (faults.Require(within, $"{path}[{i}]", "Must end after it begins, on the same day: a window over midnight is two."))
            {
                sound.Add((i, window));
            }
        }

        var reached = 0;
        foreach (var (i, window) in sound.OrderBy(entry => entry.Window.From).ThenBy(entry => entry.Index))
        {
            faults.Require(window.From >= reached, $"{path}[{i}]", $"Overlaps another window: {Time(window.From)} lies before {Time(reached)}.");
            Gap(reached, window.From);
            reached = Math.Max(reached, window.To);
        }

        Gap(reached, ClockWindow.DayMinutes);

        void Gap(int from, int to) =>
            faults.Require(version.Otherwise is not null || from >= to, path, $"No band from {Time(from)} to {Time(to)}. Add a window, or an 'otherwise' band.");
    }

    private static void CheckHolidays(ClockHolidays holidays, string path, TariffFaults faults)
    {
        if (holidays.Calendar is { } calendar)
        {
            faults.Require(
                HolidayCalendars.Names.Contains(calendar),
                $"{path}.calendar",
                $"There is no calendar '{calendar}'. There is {string.Join(", ", HolidayCalendars.Names)}; other days can be listed under 'dates'."
            );
        }

        faults.Require(holidays.Dates.Count <= MaxItems, $"{path}.dates", $"There may be {MaxItems} dates at most.");
        faults.Unique(holidays.Dates.Select(listed => listed.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), i => $"{path}.dates[{i}].date", "holiday");
        foreach (var (i, listed) in holidays.Dates.Index())
        {
            faults.Name(listed.Name, $"{path}.dates[{i}].name");
        }
    }

    private static List<string> NamesOf(ClockHolidays holidays) =>
        [.. holidays.Calendar is { } calendar ? HolidayCalendars.HolidaysOf(calendar) : [], .. holidays.Dates.Select(listed => listed.Name).Distinct()];

    private static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
