using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Portal.Web.Forms;

namespace Portal.Web.Rates.Editing;

/// <summary>Edits the windows of a clock.</summary>
public sealed partial class WeekPainter : ComponentBase
{
    private static readonly string[] Kinds = ["weekday", "saturday", "sunday"];

    private static readonly string[] Hours = ["00", "03", "06", "09", "12", "15", "18", "21"];

    private string? brush;
    private (int Season, string Kind, int Minute)? anchor;

    [Parameter, EditorRequired]
    public required FormState Form { get; set; }

    /// <summary>A version of a clock in a tariff's file.</summary>
    [Parameter, EditorRequired]
    public required JsonObject Windows { get; set; }

    /// <summary>Where it stands in the file.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    [Parameter]
    public EventCallback Changed { get; set; }

    private JsonArray SeasonList => (JsonArray)Windows["seasons"]!;

    private List<JsonObject> Seasons => [.. SeasonList.OfType<JsonObject>()];

    private List<string> BandNames => [.. ((JsonArray)Windows["bands"]!).Select(band => band!.ToString())];

    private string Otherwise => TariffDraft.Show(Windows, "otherwise");

    private string Brush => brush is { } chosen && BandNames.Contains(chosen) ? chosen : BandNames.FirstOrDefault() ?? "";

    private static IEnumerable<(int Index, JsonObject Item)> WindowsOf(JsonObject season, string kind) => (season[kind] as JsonArray ?? []).OfType<JsonObject>().Index();

    private string BandAt(JsonObject season, string kind, int minute) => DayWindows.BandAt(season[kind] as JsonArray, minute) ?? Otherwise;

    private Task Paint(JsonObject season, int index, string kind, int minute)
    {
        if (anchor is not { } begun || begun.Season != index || begun.Kind != kind)
        {
            anchor = (index, kind, minute);
            return Task.CompletedTask;
        }

        var (from, to) = (Math.Min(begun.Minute, minute), Math.Max(begun.Minute, minute) + DayWindows.Cell);
        anchor = null;
        season[kind] = DayWindows.Paint(season[kind] as JsonArray, from, to, Brush == Otherwise ? null : Brush);
        return Changed.InvokeAsync();
    }

    private static bool Has(JsonObject season, int month) => season["months"] is JsonArray months && months.Any(other => other!.GetValue<int>() == month);

    private Task Toggle(JsonObject season, int month)
    {
        var months = (season["months"] as JsonArray ?? []).Select(other => other!.GetValue<int>()).ToHashSet();
        if (!months.Remove(month)) months.Add(month);
        season["months"] = new JsonArray([.. months.Order().Select(other => JsonValue.Create(other))]);
        return Changed.InvokeAsync();
    }

    private Task Rename(JsonObject season, string typed) => Change(season, "name", typed);

    private Task Change(JsonObject holder, string field, string typed)
    {
        TariffDraft.Set(holder, field, typed);
        return Changed.InvokeAsync();
    }

    private Task AddSeason()
    {
        SeasonList.Add((JsonNode)new JsonObject { ["name"] = "", ["months"] = new JsonArray() });
        return Changed.InvokeAsync();
    }

    private Task Remove(JsonObject season)
    {
        (anchor, _) = (null, SeasonList.Remove(season));
        return Changed.InvokeAsync();
    }

    private Task AddWindow(JsonObject season, string kind)
    {
        var windows = season[kind] as JsonArray ?? [];
        season[kind] = windows;
        windows.Add((JsonNode)new JsonObject { ["from"] = "", ["to"] = "", ["band"] = Brush });
        return Changed.InvokeAsync();
    }

    private Task Drop(JsonObject season, string kind, JsonObject window)
    {
        ((JsonArray)season[kind]!).Remove(window);
        return Changed.InvokeAsync();
    }
}
