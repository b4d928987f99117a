using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Web.Fleet;

/// <summary>The particulars of a change as a line to read.</summary>
internal static partial class AuditDetails
{
    /// <summary>Of <c>{"before":{"name":"A"},"after":{"name":"B"}}</c> what differs, <c>name: A → B</c>; of anything else <c>key: value</c>.</summary>
    public static string Of(JsonElement details)
    {
        if (details.ValueKind != JsonValueKind.Object) return "";
        if (details.TryGetProperty("before", out var before) && details.TryGetProperty("after", out var after) && after.ValueKind == JsonValueKind.Object)
            return string.Join(", ", after.EnumerateObject().Where(part => Value(before, part.Name) != Value(part.Value)).Select(part => $"{Name(part.Name)}: {Value(before, part.Name)} → {Value(part.Value)}"));
        return string.Join(", ", details.EnumerateObject().Select(part => $"{Name(part.Name)}: {Value(part.Value)}"));
    }

    private static string Value(JsonElement whole, string name) => whole.ValueKind == JsonValueKind.Object && whole.TryGetProperty(name, out var value) ? Value(value) : Figures.Numbers.Unknown;

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.Null ? Figures.Numbers.Unknown : value.ToString();

    // "tokenPrefix" is read as "token prefix".
    private static string Name(string name) => Capital().Replace(name, letter => " " + letter.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
