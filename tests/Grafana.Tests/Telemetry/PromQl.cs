using System.Text.RegularExpressions;

namespace Grafana.Tests.Telemetry;

/// <summary>What a PromQL expression asks for, as far as names go.</summary>
internal static partial class PromQl
{
    private static readonly string[] Words = ["by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset"];

    /// <summary>The series that it reads.</summary>
    public static IEnumerable<string> Series(string expression) =>
        Identifier().Matches(Grouping().Replace(Braces().Replace(Text().Replace(Range().Replace(expression, ""), ""), ""), ""))
            .Where(match => !match.Groups["call"].Success)
            .Select(match => match.Groups["name"].Value)
            .Where(name => !Words.Contains(name));

    /// <summary>The labels that it filters or groups by.</summary>
    public static IEnumerable<string> Labels(string expression) =>
        Braces().Matches(expression).SelectMany(braces => Matcher().Matches(braces.Value)).Select(matcher => matcher.Groups["name"].Value)
            .Concat(Grouping().Matches(expression).SelectMany(grouping => grouping.Groups["labels"].Value.Split(',')).Select(label => label.Trim()));

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|without)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<name>\w+)\s*(=~|!~|!=|=)")]
    private static partial Regex Matcher();

    // Not a number, nor the variable of a dashboard.
    [GeneratedRegex(@"(?<![\w$.])(?<name>[a-z_]\w*)(?<call>\s*\()?")]
    private static partial Regex Identifier();
}
