using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Web.Rates.Editing;

/// <summary>A number of a component, such as a price of a season and band.</summary>
/// <param name="Path">Where it stands in the file, which is how the API names it: <c>versions[0].components[1].rates[2].price</c>.</param>
/// <param name="Field">Its name: <c>price</c>, <c>percent</c>, <c>minimum</c>, …</param>
/// <param name="For">What it is for: season, band, block; empty: all of it.</param>
public sealed record DraftNumber(string Path, string Field, string For, JsonObject Holder);

/// <summary>
/// A tariff's file (JSON, as the API writes it) while somebody edits one of its versions. What the form doesn't know stays as it is; everything is checked by the
/// API, which names faults by their path.
/// </summary>
public sealed class TariffDraft
{
    /// <summary>Kinds of component that can be added, as they are at first.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["energy", "levy", "fixed", "demand", "capacity", "surcharge", "minimum"];

    private static readonly string[] Numbers = ["price", "percent", "upTo", "free", "minimum", "freePercent", "months", "ratchetPercent"];

    private TariffDraft(JsonObject root) => Root = root;

    public JsonObject Root { get; }

    public JsonArray Versions => (JsonArray)Root["versions"]!;

    /// <summary>The file, to be sent.</summary>
    public string Text => Root.ToJsonString();

    /// <param name="json">As the API writes it.</param>
    public static TariffDraft Parse(string json) => new((JsonObject)JsonNode.Parse(json)!);

    /// <summary>A tariff with one version that has nothing in it yet.</summary>
    public static TariffDraft Empty() => new(new JsonObject
    {
        ["municipality"] = "",
        ["name"] = "",
        ["versions"] = new JsonArray { new JsonObject { ["from"] = "", ["currency"] = "ZAR", ["vatPercent"] = 15, ["source"] = "", ["components"] = new JsonArray() } },
    });

    /// <summary>Another version, beginning as a copy without dates and source.</summary>
    /// <returns>Its index.</returns>
    public int AddVersion(int copyOf)
    {
        var copy = (JsonObject)Versions[copyOf]!.DeepClone();
        copy["from"] = "";
        copy["source"] = "";
        copy.Remove("to");
        Versions.Add((JsonNode)copy);
        return Versions.Count - 1;
    }

    public JsonArray Components(int version) => (JsonArray)Versions[version]!["components"]!;

    /// <summary>The same with their places.</summary>
    public IEnumerable<(int Index, JsonObject Item)> ComponentsOf(int version) => Components(version).OfType<JsonObject>().Index();

    public void AddComponent(int version, string kind) => Components(version).Add((JsonNode)(kind switch
    {
        "energy" => new JsonObject { ["kind"] = kind, ["name"] = "", ["rates"] = Rates(version) },
        "fixed" => new JsonObject { ["kind"] = kind, ["name"] = "", ["per"] = "month", ["price"] = 0 },
        "demand" or "capacity" => new JsonObject { ["kind"] = kind, ["name"] = "", ["unit"] = "kva", ["price"] = 0 },
        "surcharge" => new JsonObject { ["kind"] = kind, ["name"] = "", ["percent"] = 0 },
        _ => new JsonObject { ["kind"] = kind, ["name"] = "", ["price"] = 0 },
    }));

    /// <summary>Every number of a component, in the order of the file.</summary>
    public IEnumerable<DraftNumber> NumbersOf(int version, int component)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"versions[{version}].components[{component}]");
        var own = (JsonObject)Components(version)[component]!;
        foreach (var list in new[] { "rates", "blocks" })
        {
            foreach (var (i, item) in (own[list] as JsonArray ?? []).OfType<JsonObject>().Index())
                foreach (var number in Of(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{i}]"), string.Join(" · ", new[] { Word(item, "season"), Word(item, "band") }.OfType<string>())))
                    yield return number;
        }

        foreach (var number in Of(own, path, "")) yield return number;
    }

    /// <summary>The version's clock: its newest windows, and their path; null where prices don't depend on the time.</summary>
    public (JsonObject Windows, string Path)? Clock(int version)
    {
        if (Word((JsonObject)Versions[version]!, "clock") is not { } name) return null;
        foreach (var (i, clock) in (Root["clocks"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            if (Word(clock, "name") == name && clock["versions"] is JsonArray { Count: > 0 } versions)
                return ((JsonObject)versions[^1]!, string.Create(CultureInfo.InvariantCulture, $"clocks[{i}].versions[{versions.Count - 1}]"));
        }

        return null;
    }

    /// <summary>Gives the version a clock of its own: one season, all of it off-peak until it is painted.</summary>
    public void AddClock(int version, string name)
    {
        var own = (JsonObject)Versions[version]!;
        var clocks = Root["clocks"] as JsonArray ?? [];
        Root["clocks"] = clocks;
        var from = Word(own, "from") is { Length: > 0 } day ? day : "2000-01-01";
        clocks.Add((JsonNode)new JsonObject
        {
            ["name"] = name,
            ["versions"] = new JsonArray
            {
                new JsonObject
                {
                    ["from"] = from, ["bands"] = new JsonArray("peak", "standard", "off-peak"), ["otherwise"] = "off-peak",
                    ["seasons"] = new JsonArray { new JsonObject { ["name"] = "all year", ["months"] = new JsonArray([.. Enumerable.Range(1, 12).Select(month => JsonValue.Create(month))]) } },
                },
            },
        });
        own["clock"] = name;
    }

    /// <summary>What a field holds, as text to edit.</summary>
    public static string Show(JsonObject holder, string field) => holder[field]?.ToString() ?? "";

    /// <summary>Takes what was typed: a number where it is one, else the text itself, for the API to refuse by its path; nothing removes the field.</summary>
    public static void Set(JsonObject holder, string field, string typed, bool isNumber = false)
    {
        typed = typed.Trim();
        if (typed.Length == 0 && isNumber) holder.Remove(field);
        else if (isNumber && decimal.TryParse(typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) holder[field] = number;
        else holder[field] = typed;
    }

    // A price for each season and band that the version's clock has, or one for all.
    private JsonArray Rates(int version)
    {
        if (Clock(version) is not { Windows: var windows }) return [new JsonObject { ["price"] = 0 }];
        var rates = new JsonArray();
        foreach (var season in ((JsonArray)windows["seasons"]!).OfType<JsonObject>())
            foreach (var band in (JsonArray)windows["bands"]!)
                rates.Add((JsonNode)new JsonObject { ["season"] = Word(season, "name"), ["band"] = band!.ToString(), ["price"] = 0 });
        return rates;
    }

    private static IEnumerable<DraftNumber> Of(JsonObject holder, string path, string what) =>
        Numbers.Where(field => holder[field] is JsonValue).Select(field => new DraftNumber($"{path}.{field}", field, what, holder));

    private static string? Word(JsonObject holder, string field) => holder[field]?.ToString();
}
