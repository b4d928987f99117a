using System.Text.RegularExpressions;

namespace Grafana.Tests.Telemetry;

/// <summary>
/// The instruments that the services' sources make, and what their names and attributes become in a Prometheus that takes OTLP: dots turn into
/// underscores, the unit is appended, counters end in <c>_total</c>, histograms have three series.
/// </summary>
internal static partial class Instruments
{
    // Of ASP.NET Core, which every service has, and of OTLP itself.
    private static readonly string[] Platform =
        ["http_server_request_duration_seconds_bucket", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_sum", "target_info"];

    /// <summary>Every series that the services can send, by its name in Prometheus.</summary>
    public static IReadOnlySet<string> Series { get; } = Made().SelectMany(made => Names(made.Kind, made.Name, made.Unit)).Concat(Platform).ToHashSet(StringComparer.Ordinal);

    /// <summary>Labels of these series.</summary>
    public static IReadOnlySet<string> Labels { get; } =
        Sources().SelectMany(source => Attribute().Matches(source)).Select(attribute => Flat(attribute.Groups["name"].Value))
            .Concat(["job", "instance", "le", "http_response_status_code"]).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<(string Kind, string Name, string Unit)> Made() =>
        Sources().SelectMany(source => Creation().Matches(source)).Select(made => (made.Groups["kind"].Value, made.Groups["name"].Value, made.Groups["unit"].Value));

    public static IEnumerable<string> Names(string kind, string name, string unit)
    {
        var suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            ['{', ..] => "",
            _ => throw new FormatException($"{name} has the unit '{unit}', which nobody has written down here."),
        };
        var full = Flat(name) + suffix;
        return kind switch
        {
            "Counter" => [$"{full}_total"],
            "Histogram" => [$"{full}_bucket", $"{full}_sum", $"{full}_count"],
            _ => [full],
        };
    }

    private static string Flat(string name) => name.Replace('.', '_');

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateDirectories(Dashboards.GrafanaFolder.Repository)
            .Where(room => Path.GetFileName(room) is var name && (name.StartsWith("Portal.", StringComparison.Ordinal) || name.StartsWith("Fleet.", StringComparison.Ordinal)))
            .SelectMany(room => Directory.EnumerateFiles(room, "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText)
            .Where(source => source.Contains("System.Diagnostics.Metrics", StringComparison.Ordinal));

    // meter.CreateCounter<long>("name", "unit", …), meter.CreateObservableGauge("name", () => …, "unit", …)
    [GeneratedRegex(@"\.Create(Observable)?(?<kind>Counter|Histogram|Gauge|UpDownCounter)(<\w+>)?\(\s*""(?<name>[^""]+)"",[^""]*""(?<unit>[^""]*)""")]
    private static partial Regex Creation();

    // new("stack", stack) and new KeyValuePair<string, object?>("reason", reason)
    [GeneratedRegex(@"new(\sKeyValuePair<string, object\?>)?\(""(?<name>[a-z_.]+)"",")]
    private static partial Regex Attribute();
}
