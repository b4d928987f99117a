using System.Globalization;
using System.Text.RegularExpressions;

namespace Grafana.Tests.Dashboards;

/// <summary>A dashboard's range and step, as Grafana hands them to a query.</summary>
/// <param name="Step">What Grafana makes of the range's length and the panel's width: <c>$__interval</c>.</param>
internal sealed record TimeRange(DateTimeOffset From, DateTimeOffset To, TimeSpan Step)
{
    /// <summary>The same range with a step that a panel doesn't go below.</summary>
    public TimeRange AtLeast(TimeSpan step) => this with { Step = step > Step ? step : Step };
}

/// <summary>
/// The macros of Grafana's PostgreSQL data source as its documentation states them (without its TimescaleDB option). First the step, which is
/// replaced as text, then the functions: a name and arguments without brackets, divided by commas.
/// </summary>
internal static partial class Macros
{
    public static string Expand(string sql, TimeRange range)
    {
        var text = sql
            .Replace("$__interval_ms", ((long)range.Step.TotalMilliseconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$__interval", Short(range.Step), StringComparison.Ordinal);
        return Call().Replace(text, call => Expand(call.Groups["name"].Value, [.. call.Groups["arguments"].Value.Split(',').Select(argument => argument.Trim())], range));
    }

    private static string Expand(string name, string[] arguments, TimeRange range) => name switch
    {
        "__time" => $"{arguments[0]} AS \"time\"",
        "__timeEpoch" => $"extract(epoch from {arguments[0]}) as \"time\"",
        "__timeFilter" => $"{arguments[0]} BETWEEN '{Instant(range.From)}' AND '{Instant(range.To)}'",
        "__timeFrom" => $"'{Instant(range.From)}'",
        "__timeTo" => $"'{Instant(range.To)}'",
        "__timeGroup" => Group(arguments),
        "__timeGroupAlias" => $"{Group(arguments)} AS \"time\"",
        "__unixEpochFilter" => $"{arguments[0]} >= {range.From.ToUnixTimeSeconds()} AND {arguments[0]} <= {range.To.ToUnixTimeSeconds()}",
        _ => throw new FormatException($"${name} is no macro of Grafana's PostgreSQL data source."),
    };

    private static string Group(string[] arguments)
    {
        var seconds = Seconds(arguments[1].Trim('\'')).ToString(CultureInfo.InvariantCulture);
        return $"floor(extract(epoch from {arguments[0]})/{seconds})*{seconds}";
    }

    private static long Seconds(string step) => long.Parse(step[..^1], CultureInfo.InvariantCulture) * step[^1] switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        _ => throw new FormatException($"{step} is no step."),
    };

    // As Grafana writes it: 30s, 15m, 2h, 1d.
    private static string Short(TimeSpan step) =>
        step.Ticks % TimeSpan.TicksPerDay == 0 ? $"{step.Days}d"
        : step.Ticks % TimeSpan.TicksPerHour == 0 ? $"{(int)step.TotalHours}h"
        : step.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{(int)step.TotalMinutes}m"
        : $"{(int)step.TotalSeconds}s";

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$(?<name>__\w+)\((?<arguments>[^)]*)\)")]
    private static partial Regex Call();
}
