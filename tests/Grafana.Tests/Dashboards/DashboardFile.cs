using System.Text.Json.Nodes;

namespace Grafana.Tests.Dashboards;

/// <summary>A dashboard as its file says it.</summary>
internal sealed class DashboardFile
{
    public DashboardFile(string path)
    {
        Path = path.Replace('\\', '/');
        Json = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(GrafanaFolder.Root, path)))!.AsObject();
    }

    public string Path { get; }

    public JsonObject Json { get; }

    public string Uid => (string)Json["uid"]!;

    public IEnumerable<JsonObject> Panels => Json["panels"]!.AsArray().Select(panel => panel!.AsObject());

    public IEnumerable<JsonObject> Variables => Json["templating"]!["list"]!.AsArray().Select(variable => variable!.AsObject());

    /// <summary>Whether its figures come from the database, as against Prometheus.</summary>
    public bool ReadsTheDatabase => !Path.StartsWith("dashboards-system/", StringComparison.Ordinal);

    /// <summary>What each panel asks, with the shortest step that it allows itself.</summary>
    public IEnumerable<PanelQuery> Queries =>
        Panels.SelectMany(panel => panel["targets"]!.AsArray().Select(target => new PanelQuery(
            $"{Path} #{panel["id"]} {panel["title"]} {target!["refId"]}",
            (string)target["rawSql"]!,
            (string?)target["format"] == "time_series",
            Duration((string?)panel["interval"] ?? "1m"))));

    private static TimeSpan Duration(string text) => text[^1] switch
    {
        'm' => TimeSpan.FromMinutes(int.Parse(text[..^1], null)),
        'h' => TimeSpan.FromHours(int.Parse(text[..^1], null)),
        _ => throw new FormatException($"{text} is no step that the dashboards use."),
    };
}

/// <param name="Name">Where it stands.</param>
/// <param name="IsSeries">Whether Grafana makes series of the answer, which needs a column <c>time</c>.</param>
internal sealed record PanelQuery(string Name, string Sql, bool IsSeries, TimeSpan ShortestStep);
