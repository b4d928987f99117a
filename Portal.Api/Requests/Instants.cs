using System.Globalization;

namespace Portal.Api.Requests;

/// <summary>
/// Reads an instant of a query: <c>2026-11-23T10:00:00Z</c>, <c>2026-11-23T10:00:00+02:00</c>, <c>2026-11-23T10:00</c> or
/// <c>2026-11-23</c> (the site's clock, since ISO 8601 without an offset is local time), or Unix seconds <c>1795428000</c>.
/// </summary>
internal static class Instants
{
    public const string Expected = "Must be an ISO 8601 time such as 2026-11-23T10:00:00Z, or Unix seconds.";

    // Wide enough for any question, narrow enough that no calendar arithmetic leaves the years that .NET knows.
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private static readonly string[] Local = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    /// <param name="zone">Clock of times without an offset.</param>
    public static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        // In a query an unescaped plus sign is a blank: "…T10:00:00 02:00" was "+02:00".
        text = text.Trim().Replace(' ', '+');
        return (TryParseUnix(text, out instant) || TryParseLocal(text, zone, out instant) || TryParseWithOffset(text, out instant))
            && instant >= Earliest
            && instant <= Latest;
    }

    /// <summary>An instant as the key of a <see cref="Cursor"/>.</summary>
    public static string Key(DateTimeOffset instant) => instant.UtcTicks.ToString(CultureInfo.InvariantCulture);

    public static bool TryParseKey(string key, out DateTimeOffset instant)
    {
        var known = long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        instant = known ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return known;
    }

    private static bool TryParseUnix(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (seconds > Latest.ToUnixTimeSeconds()) return false;
        instant = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool TryParseLocal(string text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;
        if (local.Year is < 1970 or > 2200 || zone.IsInvalidTime(local)) return false;
        // Shown twice: the first time.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        instant = new DateTimeOffset(local, offset);
        return true;
    }

    // 'K' takes "Z" and "+02:00", and nothing at all, which TryParseLocal has taken before.
    private static bool TryParseWithOffset(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
}
