using System.Globalization;
using System.Text.RegularExpressions;

namespace MeterSimulator.Running;

/// <summary>Durations as people write them: 90s, 15m, 2h, 7d, 1d12h, -90s.</summary>
internal static partial class Spans
{
    /// <returns>Null if it is not a duration.</returns>
    public static TimeSpan? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || match.Groups["unit"].Captures.Count == 0) return null;
        var sum = TimeSpan.Zero;
        for (var i = 0; i < match.Groups["unit"].Captures.Count; i++)
        {
            var number = double.Parse(match.Groups["number"].Captures[i].Value, CultureInfo.InvariantCulture);
            var unit = match.Groups["unit"].Captures[i].Value switch
            {
                "d" => TimeSpan.FromDays(1),
                "h" => TimeSpan.FromHours(1),
                "m" => TimeSpan.FromMinutes(1),
                "ms" => TimeSpan.FromMilliseconds(1),
                _ => TimeSpan.FromSeconds(1),
            };
            if (number * unit.TotalDays > 36_500) return null; // a century: a slip of the finger
            sum += number * unit;
        }

        return match.Groups["minus"].Success ? -sum : sum;
    }

    public static string Text(TimeSpan span)
    {
        var parts = new List<string>();
        if (span < TimeSpan.Zero) return "-" + Text(-span);
        if (span.Days > 0) parts.Add($"{span.Days} d");
        if (span.Hours > 0) parts.Add($"{span.Hours} h");
        if (span.Minutes > 0) parts.Add($"{span.Minutes} min");
        var seconds = span.Seconds + (span.Milliseconds / 1000.0);
        if (seconds > 0 || parts.Count == 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"));
        return string.Join(" ", parts);
    }

    [GeneratedRegex("^(?<minus>-)?((?<number>[0-9]+(\\.[0-9]+)?)(?<unit>ms|[dhms]))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
