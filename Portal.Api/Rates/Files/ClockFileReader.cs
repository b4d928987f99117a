using System.Globalization;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>Reads the versions of a clock.</summary>
/// <example><c>weekday: [{from: "06:00", to: "08:00", band: peak}]</c></example>
internal static class ClockFileReader
{
    public static ClockVersion Version(FileNode node, string path, FileFaults faults)
    {
        var version = new FieldReader(node, path, faults);
        version.IsMap("Must be a clock's version with from, bands and seasons.");
        ClockHolidays? holidays = null;
        if (version.Optional("holidays") is { } found)
        {
            var fields = new FieldReader(found, version.Path("holidays"), faults);
            if (fields.IsMap("Must say countsAs, and may say calendar, dates and except."))
            {
                holidays = new ClockHolidays(
                    fields.OptionalText("calendar"), [.. fields.Items("dates", required: false).Select(day => Listed(day.Node, day.Path, faults))], Rule(fields));
            }

            fields.End();
        }

        var read = new ClockVersion(
            version.Date("from"),
            version.OptionalDate("to"),
            version.Required("bands") is null ? [] : version.Texts("bands") ?? [],
            version.OptionalText("otherwise"),
            [.. version.Items("seasons", required: true).Select(season => Season(season.Node, season.Path, faults))],
            holidays);
        version.End();
        return read;
    }

    public static HolidayRule Rule(FieldReader fields) => new(
        fields.Word("countsAs", ClockCheck.Kinds),
        fields.Entries("except").ToDictionary(
            entry => entry.Key, entry => fields.WordOf(entry.Value, $"{fields.Path("except")}.{entry.Key}", ClockCheck.Kinds), StringComparer.Ordinal));

    private static ListedHoliday Listed(FileNode node, string path, FileFaults faults)
    {
        var day = new FieldReader(node, path, faults);
        day.IsMap("Must be a day with date and name.");
        var read = new ListedHoliday(day.Date("date"), day.Text("name"));
        day.End();
        return read;
    }

    private static ClockSeason Season(FileNode node, string path, FileFaults faults)
    {
        var season = new FieldReader(node, path, faults);
        season.IsMap("Must be a season with name, months, weekday, saturday and sunday.");
        var (name, months) = (season.Text("name"), season.Wholes("months"));
        var days = new Dictionary<DayKind, IReadOnlyList<ClockWindow>>();
        foreach (var (word, kind) in ClockCheck.Kinds.Where(kind => season.Optional(kind.Key) is not null))
            days[kind] = [.. season.Items(word, required: false).Select(window => Window(window.Node, window.Path, faults))];
        season.End();
        return new ClockSeason(name, months, days);
    }

    private static ClockWindow Window(FileNode node, string path, FileFaults faults)
    {
        var window = new FieldReader(node, path, faults);
        window.IsMap("Must be a window with from, to and band.");
        var read = new ClockWindow(Minute(window, "from", faults), Minute(window, "to", faults), window.Text("band"));
        window.End();
        return read;
    }

    private static int Minute(FieldReader window, string name, FileFaults faults)
    {
        if (window.Required(name) is not { } field) return 0;
        if (field is FileText { Value: "24:00" }) return ClockWindow.DayMinutes;
        if (field is FileText text && TimeOnly.TryParseExact(text.Value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time.Hour * 60 + time.Minute;
        faults.Add(field, window.Path(name), "Must be a time from 00:00 to 24:00, such as 06:30.");
        return 0;
    }
}
