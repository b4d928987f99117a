using System.Text.RegularExpressions;
using Grafana.Tests.Dashboards;
using YamlDotNet.RepresentationModel;

namespace Grafana.Tests.Telemetry;

/// <summary>Alerts and the system's dashboard ask for series that the services send, and each alert says what to do.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    private static IReadOnlyList<YamlMappingNode> Rules { get; } = [.. Read().SelectMany(group => ((YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>())];

    public static TheoryData<string> Names => [.. Rules.Select(rule => rule["alert"].ToString())];

    [Fact]
    public void The_services_instruments_are_found_in_their_sources()
    {
        string[] some =
        [
            "portal_ingest_rows_accepted_total", "portal_ingest_write_duration_seconds_bucket", "portal_quarantine_size_bytes", "portal_rollup_lag_seconds", "fleet_stacks_silent",
            "portal_gateway_certificate_remaining_seconds",
        ];

        Assert.Empty(some.Except(Instruments.Series));
        Assert.True(Instruments.Made().Count() > 40);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_asks_for_what_is_there_and_has_a_runbook(string name)
    {
        var rule = Rules.Single(found => found["alert"].ToString() == name);

        AssertKnown(name, rule["expr"].ToString());
        if (rule.Children.TryGetValue("for", out var wait)) Assert.Matches("^[1-9][0-9]*[smh]$", wait.ToString());
        Assert.Contains(rule["labels"]["severity"].ToString(), Severities);
        Assert.NotEmpty(rule["annotations"]["summary"].ToString());
        Assert.NotEmpty(rule["annotations"]["description"].ToString());
        foreach (Match label in LabelOfTemplate().Matches(rule["annotations"].ToString())) Assert.Contains(label.Groups["name"].Value, Instruments.Labels);

        var runbook = rule["annotations"]["runbook_url"].ToString();
        Assert.Equal($"docs/runbooks/{Kebab(name)}.md", runbook);
        var text = File.ReadAllText(Path.Combine(GrafanaFolder.Repository, runbook));
        Assert.Contains($"Alert `{name}`", text, StringComparison.Ordinal);
        Assert.Contains("**Look at**", text, StringComparison.Ordinal);
        Assert.Contains("**Do**", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_runbook_belongs_to_an_alert()
    {
        var runbooks = Directory.EnumerateFiles(Path.Combine(GrafanaFolder.Repository, "docs", "runbooks")).Select(Path.GetFileNameWithoutExtension).Where(name => name != "README");

        Assert.Equal(Rules.Select(rule => Kebab(rule["alert"].ToString())).Order(StringComparer.Ordinal), runbooks.Order(StringComparer.Ordinal));
        Assert.Equal(Rules.Count, Rules.Select(rule => rule["alert"].ToString()).Distinct().Count());
    }

    [Fact]
    public void The_systems_dashboard_asks_for_what_is_there()
    {
        var system = GrafanaFolder.Dashboards.Where(dashboard => !dashboard.ReadsTheDatabase).ToList();

        Assert.NotEmpty(system);
        foreach (var dashboard in system)
            foreach (var target in dashboard.Panels.SelectMany(panel => panel["targets"]!.AsArray()))
                AssertKnown($"{dashboard.Path}: {target!["expr"]}", (string)target["expr"]!);
    }

    [Theory]
    [InlineData("sum by (job, le) (rate(a_bucket{job=~\"$job\", x=\"b c\"}[$__rate_interval])) / on (job) b_total > 0.5", "a_bucket b_total", "job x job le")]
    [InlineData("histogram_quantile(0.95, a) < 14 * 86400", "a", "")]
    public void Names_are_found_in_an_expression(string expression, string series, string labels)
    {
        Assert.Equal(series, string.Join(' ', PromQl.Series(expression).Where(name => name != "job")));
        Assert.Equal(labels, string.Join(' ', PromQl.Labels(expression)));
    }

    private static void AssertKnown(string where, string expression)
    {
        var series = PromQl.Series(expression).ToList();
        Assert.NotEmpty(series);
        Assert.True(series.All(Instruments.Series.Contains), $"{where}: nothing sends {string.Join(", ", series.Where(name => !Instruments.Series.Contains(name)))}.");
        var labels = PromQl.Labels(expression).ToList();
        Assert.True(labels.All(Instruments.Labels.Contains), $"{where}: no series has the label {string.Join(", ", labels.Where(name => !Instruments.Labels.Contains(name)))}.");
    }

    private static IEnumerable<YamlMappingNode> Read()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(GrafanaFolder.Root, "alerts"), "*.yml"))
        {
            var stream = new YamlStream();
            using var reader = File.OpenText(file);
            stream.Load(reader);
            foreach (var group in (YamlSequenceNode)stream.Documents[0].RootNode["groups"]) yield return (YamlMappingNode)group;
        }
    }

    private static string Kebab(string name) => InnerCapital().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"\$labels\.(?<name>\w+)")]
    private static partial Regex LabelOfTemplate();
}
