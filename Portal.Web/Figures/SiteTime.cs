using System.Globalization;

namespace Portal.Web.Figures;

/// <summary>
/// Times as people at a site read them. The zone is always named on the page: once in its head where all times are of one zone
/// (<see cref="Place"/>), beside the time otherwise.
/// </summary>
public static class SiteTime
{
    /// <summary>The zone of an IANA name; UTC for one this machine doesn't know.</summary>
    public static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>What people call a zone: <c>Johannesburg</c> for <c>Africa/Johannesburg</c>.</summary>
    public static string Place(TimeZoneInfo zone) => zone.Id is "UTC" or "Etc/UTC" ? "UTC" : zone.Id.Split('/')[^1].Replace('_', ' ');

    /// <summary>Start of a day on the site's clock; the first instant after it where clocks skip midnight.</summary>
    public static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        // Where clocks repeat midnight, the first of both.
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }

    /// <summary><c>14:30:05</c>.</summary>
    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) => Format(at, zone, "HH:mm:ss");

    /// <summary><c>Tue 11 Nov, 10:30</c>.</summary>
    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) => Format(at, zone, "ddd d MMM, HH:mm");

    /// <summary><c>Tuesday 11 November</c>.</summary>
    public static string Day(DateTimeOffset at, TimeZoneInfo zone) => Format(at, zone, "dddd d MMMM");

    /// <summary><c>2026-11-11 10:30:05</c>, to compare and to copy.</summary>
    public static string Exact(DateTimeOffset at, TimeZoneInfo zone) => Format(at, zone, "yyyy-MM-dd HH:mm:ss");

    /// <summary>A stretch without saying anything twice: <c>Tue 11 Nov, 10:30 – 10:45</c>.</summary>
    public static string Stretch(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var (first, last) = (Minute(from, zone), Minute(to, zone));
        if (first == last) return first;
        return Format(from, zone, "yyyyMMdd") == Format(to, zone, "yyyyMMdd") ? $"{first} – {Format(to, zone, "HH:mm")}" : $"{first} – {last}";
    }

    private static string Format(DateTimeOffset at, TimeZoneInfo zone, string format) => TimeZoneInfo.ConvertTime(at, zone).ToString(format, CultureInfo.InvariantCulture);
}
