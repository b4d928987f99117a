using Portal.Domain.Energy;

namespace Portal.Api.Measurements;

/// <summary>Intervals by their name on the wire.</summary>
internal static class Intervals
{
    private static readonly (string Name, IntervalLength Length)[] All =
    [
        ("1m", IntervalLength.Minute),
        ("5m", IntervalLength.FiveMinutes),
        ("10m", IntervalLength.TenMinutes),
        ("15m", IntervalLength.QuarterHour),
        ("hour", IntervalLength.Hour),
        ("day", IntervalLength.Day),
        ("month", IntervalLength.Month),
    ];

    /// <param name="shortest">Shorter ones are not known here.</param>
    public static bool TryParse(string? name, IntervalLength shortest, out IntervalLength length)
    {
        (var found, length) = Array.Find(All, interval => interval.Name == name);
        return found is not null && length >= shortest;
    }

    public static string Name(IntervalLength length) => Array.Find(All, interval => interval.Length == length).Name;

    /// <summary>What a caller may send.</summary>
    public static string Expected(IntervalLength shortest) =>
        $"Must be one of {string.Join(", ", All.Where(interval => interval.Length >= shortest).Select(interval => interval.Name))}.";
}
