using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Web.Fleet;

/// <summary>The particulars of a change as a line to read: names of things, as they were then. Their keys are found by, and shown apart.</summary>
internal static partial class AuditDetails
{
    /// <summary>Of <c>{"before":{"name":"A"},"after":{"name":"B"}}</c> what differs, <c>name: A → B</c>; of anything else <c>key: value</c>.</summary>
    /// <param name="said">Values that stand beside it already.</param>
    public static string Of(JsonElement details, params IReadOnlyList<string?> said) => string.Join(", ", Parts(details).Where(part => !IsKey(part.Name)).SelectMany(part => part.Name switch
    {
        "before" when HasBoth(details) => [],
        "after" when HasBoth(details) => Changes(details.GetProperty("before"), part.Value),
        _ when part.Value.ValueKind == JsonValueKind.Null || said.Contains(part.Value.ToString()) => [],
        _ => [$"{Name(part.Name)}: {Value(part.Value)}"],
    }));

    /// <summary>What people call the thing, where that isn't what the trail calls it: a device, whose serial that is. Null: nothing more.</summary>
    public static string? Called(JsonElement details, string subject) =>
        (Text(details, "name") ?? (HasBoth(details) ? Text(details.GetProperty("after"), "name") : null)) is { } name && name != subject ? name : null;

    /// <summary>Keys of the thing and of its site, <c>id 17, site id 0193…</c>: they lead to it in addresses, logs and the database.</summary>
    public static string Keys(JsonElement details) => string.Join(", ", Parts(details).Concat(HasBoth(details) ? Parts(details.GetProperty("after")) : [])
        .Where(part => IsKey(part.Name)).Select(part => $"{Name(part.Name)} {Value(part.Value)}"));

    private static bool HasBoth(JsonElement details) =>
        details.ValueKind == JsonValueKind.Object && details.TryGetProperty("before", out _) && details.TryGetProperty("after", out var after) && after.ValueKind == JsonValueKind.Object;

    private static List<JsonProperty> Parts(JsonElement whole) => whole.ValueKind == JsonValueKind.Object ? [.. whole.EnumerateObject()] : [];

    private static IEnumerable<string> Changes(JsonElement before, JsonElement after) => Parts(after)
        .Where(part => !IsKey(part.Name) && Value(before, part.Name) != Value(part.Value)).Select(part => $"{Name(part.Name)}: {Value(before, part.Name)} → {Value(part.Value)}");

    private static bool IsKey(string name) => name is "id" or "siteId";

    private static string? Text(JsonElement whole, string name) => whole.ValueKind == JsonValueKind.Object && whole.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static string Value(JsonElement whole, string name) => whole.ValueKind == JsonValueKind.Object && whole.TryGetProperty(name, out var value) ? Value(value) : Figures.Numbers.Unknown;

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => Figures.Numbers.Unknown,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.ToString(),
    };

    // "tokenPrefix" is read as "token prefix".
    private static string Name(string name) => Capital().Replace(name, letter => " " + letter.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
