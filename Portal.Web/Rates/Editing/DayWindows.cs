using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Web.Rates.Editing;

/// <summary>Windows of one kind of day in a tariff's file: <c>[{"from": "06:00", "to": "08:00", "band": "peak"}, …]</c>. What no window covers has the clock's usual band.</summary>
public static class DayWindows
{
    /// <summary>Minutes of one cell of the painted week.</summary>
    public const int Cell = 30;

    private const int Day = 24 * 60;

    /// <summary>The band at a minute of the day, 0 to 1439; null: no window covers it.</summary>
    public static string? BandAt(JsonArray? windows, int minute) =>
        windows?.OfType<JsonObject>().FirstOrDefault(window => Minute(window, "from") <= minute && minute < Minute(window, "to"))?["band"]?.GetValue<string>();

    /// <summary>Windows after a stretch of the day was given a band; neighbours of the same band become one, parts of others that it covers go.</summary>
    /// <param name="from">Minute of the day.</param>
    /// <param name="to">Minute it ends before, up to 1440.</param>
    /// <param name="band">Null: the usual one, which needs no window.</param>
    public static JsonArray Paint(JsonArray? windows, int from, int to, string? band)
    {
        // Cut at every border there is, so that nothing of half an hour that somebody typed as 45 minutes is lost.
        List<int> borders =
            [.. (windows ?? []).OfType<JsonObject>().SelectMany(window => new[] { Minute(window, "from"), Minute(window, "to") }).Concat([0, from, to, Day]).Where(minute => minute is >= 0 and <= Day).Distinct().Order()];
        var painted = new List<(int From, int To, string Band)>();
        foreach (var (start, end) in borders.Zip(borders.Skip(1)))
        {
            if ((start >= from && start < to ? band : BandAt(windows, start)) is not { } own) continue;
            if (painted.Count > 0 && painted[^1].To == start && painted[^1].Band == own) painted[^1] = painted[^1] with { To = end };
            else painted.Add((start, end, own));
        }

        return [.. painted.Select(window => new JsonObject { ["from"] = Time(window.From), ["to"] = Time(window.To), ["band"] = window.Band })];
    }

    /// <summary><c>06:30</c>; the end of the day is <c>24:00</c>.</summary>
    public static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    // What is no time is the API's to refuse; here it covers nothing.
    private static int Minute(JsonObject window, string field) =>
        window[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Split(':') is [var hours, var minutes]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var rest)
            ? (hour * 60) + rest
            : -1;
}
