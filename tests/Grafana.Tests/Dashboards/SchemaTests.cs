using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Grafana.Tests.Dashboards;

/// <summary>What Grafana expects of a dashboard's JSON, and what people expect of these.</summary>
public sealed class SchemaTests
{
    /// <summary>What Grafana's grid has.</summary>
    private const int Columns = 24;

    private static readonly string[] PanelTypes = ["stat", "timeseries", "table", "barchart"];

    // Of Grafana's catalogue of units, those that are used. One that it doesn't know is shown as text behind the number.
    private static readonly string[] Units =
        ["kwatt", "kwatth", "volt", "amp", "hertz", "percent", "percentunit", "none", "short", "locale", "bytes", "ms", "s", "reqps", "wps", "dateTimeFromNow"];

    public static TheoryData<string> Files => [.. GrafanaFolder.Dashboards.Select(dashboard => dashboard.Path)];

    [Fact]
    public void The_dashboards_that_were_asked_for_are_there_and_no_two_share_a_uid()
    {
        string[] asked =
        [
            "dashboards-admin/customer-drilldown.json", "dashboards-admin/fleet-overview.json", "dashboards/device.json", "dashboards/energy.json", "dashboards/overview.json",
            "dashboards/power-quality.json",
        ];

        Assert.Empty(asked.Except(GrafanaFolder.Dashboards.Select(dashboard => dashboard.Path)));
        Assert.All(GrafanaFolder.Dashboards.GroupBy(dashboard => dashboard.Uid), same => Assert.Single(same));
    }

    [Fact]
    public void The_fleet_is_shown_as_it_was_asked_for()
    {
        var overview = Dashboard("dashboards-admin/fleet-overview.json");
        Assert.Equal(["stat", "stat", "stat", "stat", "timeseries", "timeseries"], overview.Panels.Select(panel => (string)panel["type"]!));
        Assert.Contains("fleet.hourly_per_device", Sql(overview, 2), StringComparison.Ordinal);
        Assert.Contains("fleet.hourly_energy", Sql(overview, 3), StringComparison.Ordinal);

        var customer = Dashboard("dashboards-admin/customer-drilldown.json");
        Assert.Equal(["timeseries", "timeseries", "table"], customer.Panels.Select(panel => (string)panel["type"]!));
        var variable = customer.Variables.First();
        Assert.Equal("customer", (string)variable["name"]!);
        Assert.Contains("fleet.\"Customers\"", (string)variable["query"]!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_can_be_provisioned(string path)
    {
        var json = Dashboard(path).Json;

        // Grafana gives keys itself; an exported dashboard that asks for its data source can't be provisioned.
        Assert.Null(json["id"]);
        Assert.False(json.ContainsKey("__inputs"));
        Assert.Matches("^[a-z0-9-]{1,40}$", (string)json["uid"]!);
        Assert.Equal(Path.GetFileNameWithoutExtension(path), (string)json["uid"]!);
        Assert.InRange((int)json["schemaVersion"]!, 36, 40); // of Grafana 9 to 11.4, the image that the operations guide names
        Assert.False(string.IsNullOrWhiteSpace((string)json["title"]!));
        Assert.False(string.IsNullOrWhiteSpace((string)json["time"]!["from"]!));
        Assert.Equal("now", (string)json["time"]!["to"]!);
        // "" leaves the zone to Grafana's own setting, and to each person.
        Assert.Equal("", (string)json["timezone"]!);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_have_a_key_a_title_a_unit_and_a_source(string path)
    {
        var dashboard = Dashboard(path);
        var source = dashboard.ReadsTheDatabase ? "timescaledb" : "prometheus";

        Assert.All(dashboard.Panels.GroupBy(panel => (int)panel["id"]!), same => Assert.Single(same));
        foreach (var panel in dashboard.Panels)
        {
            Assert.True((int)panel["id"]! > 0);
            Assert.False(string.IsNullOrWhiteSpace((string)panel["title"]!));
            Assert.Contains((string)panel["type"]!, PanelTypes);
            Assert.Equal(source, (string)panel["datasource"]!["uid"]!);
            var targets = panel["targets"]!.AsArray();
            Assert.NotEmpty(targets);
            Assert.All(targets, target => Assert.Equal(source, (string)target!["datasource"]!["uid"]!));
            Assert.All(targets.GroupBy(target => (string)target!["refId"]!), same => Assert.Single(same));
            var unit = (string?)panel["fieldConfig"]!["defaults"]!["unit"];
            if ((string)panel["type"]! is "timeseries" or "barchart") Assert.NotNull(unit);
            if (unit is not null) Assert.Contains(unit, Units);
        }

        foreach (var variable in dashboard.Variables.Where(variable => (string)variable["type"]! == "query"))
        {
            Assert.Equal(source, (string)variable["datasource"]!["uid"]!);
            // Without one Grafana lists every value, and nothing at all where there are none yet: "IN ()".
            if ((bool?)variable["includeAll"] == true) Assert.False(string.IsNullOrEmpty((string?)variable["allValue"]));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_lie_within_the_grid_and_not_on_each_other(string path)
    {
        var taken = new Dictionary<(int X, int Y), string>();
        foreach (var panel in Dashboard(path).Panels)
        {
            var (x, y, width, height) = ((int)panel["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!, (int)panel["gridPos"]!["w"]!, (int)panel["gridPos"]!["h"]!);
            Assert.True(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= Columns, $"{panel["title"]} lies beyond the grid.");
            for (var column = x; column < x + width; column++)
                for (var row = y; row < y + height; row++)
                    Assert.True(taken.TryAdd((column, row), (string)panel["title"]!), $"{panel["title"]} lies on {taken[(column, row)]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Links_lead_to_dashboards_that_are_there_and_back_to_the_portal(string path)
    {
        var dashboard = Dashboard(path);
        var beside = GrafanaFolder.Dashboards.Where(other => Path.GetDirectoryName(other.Path) == Path.GetDirectoryName(path)).Select(other => other.Uid).ToList();
        var links = dashboard.Json["links"]!.AsArray().Select(link => link!.AsObject()).ToList();

        // Grafana puts its own path before what begins with a slash, so the portal is reached from below it, in a tab of its own since Grafana's
        // router would take the way for one of its pages.
        Assert.Contains(links, link => ((string)link["url"]!).StartsWith("../../../../", StringComparison.Ordinal) && (bool)link["targetBlank"]!);
        var urls = links.Select(link => (string)link["url"]!).Concat(Descendants(dashboard.Json["panels"]!).Where(node => node["url"] is not null).Select(node => (string)node["url"]!));
        foreach (var url in urls.Where(url => url.StartsWith("/d/", StringComparison.Ordinal)))
            Assert.Contains(url["/d/".Length..].Split('?')[0], beside);
    }

    [Fact]
    public void The_data_source_has_the_uid_that_the_dashboards_ask_for_and_reads_with_what_it_is_given()
    {
        var source = Yaml("provisioning/datasources/timescaledb.yml");
        var one = (YamlMappingNode)((YamlSequenceNode)source["datasources"]).Single();

        Assert.Equal("timescaledb", one["uid"].ToString());
        Assert.Equal("postgres", one["type"].ToString());
        Assert.Equal("$POSTGRES_PASSWORD", one["secureJsonData"]["password"].ToString());
        Assert.Equal("false", one["jsonData"]["timescaledb"].ToString());
        var provider = ((YamlSequenceNode)Yaml("provisioning/dashboards/portal.yml")["providers"]).Single();
        Assert.Equal("/var/lib/grafana/dashboards", provider["options"]["path"].ToString());
    }

    private static DashboardFile Dashboard(string path) => GrafanaFolder.Dashboards.Single(dashboard => dashboard.Path == path);

    private static string Sql(DashboardFile dashboard, int panel) => (string)dashboard.Panels.ElementAt(panel)["targets"]![0]!["rawSql"]!;

    private static YamlMappingNode Yaml(string path)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(Path.Combine(GrafanaFolder.Root, path));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<JsonObject> Descendants(JsonNode node) => node switch
    {
        JsonObject found => found.Select(property => property.Value).OfType<JsonNode>().SelectMany(Descendants).Prepend(found),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Descendants),
        _ => [],
    };
}
