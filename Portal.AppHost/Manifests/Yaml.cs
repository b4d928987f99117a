using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.AppHost.Manifests;

/// <summary>
/// Writes YAML, always the same bytes for the same nodes: block style, in the order in which they were added. Text is in double quotes unless it can be
/// taken for nothing but text, by readers of YAML 1.1 either (<c>yes</c>, <c>1.0</c>, <c>08:00</c>).
/// </summary>
internal static partial class Yaml
{
    private static readonly string[] OtherThings = ["", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <param name="heading">A comment that the document begins with.</param>
    public static string Write(string heading, params IEnumerable<JsonObject> documents)
    {
        var text = new StringBuilder();
        foreach (var line in heading.Split('\n')) text.Append("# ").Append(line).Append('\n');
        var first = true;
        foreach (var document in documents)
        {
            if (!first) text.Append("---\n");
            first = false;
            Block(text, document, 0);
        }

        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonNode node, int depth)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map) Entry(text.Append(' ', depth).Append(Scalar(name)).Append(':'), value, depth);
            return;
        }

        foreach (var item in node.AsArray())
        {
            text.Append(' ', depth).Append("- ");
            if (item is JsonObject { Count: > 0 })
            {
                // Its first line follows the dash.
                var inner = new StringBuilder();
                Block(inner, item, depth + 2);
                text.Append(inner, depth + 2, inner.Length - depth - 2);
            }
            else
            {
                text.Append(Flow(item)).Append('\n');
            }
        }
    }

    private static void Entry(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
            case JsonArray { Count: > 0 } list when list.Any(item => item is JsonObject) || Flow(list).Length > 120:
                text.Append('\n');
                Block(text, value, depth + 2);
                break;
            default:
                text.Append(' ').Append(Flow(value)).Append('\n');
                break;
        }
    }

    private static string Flow(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>()),
        JsonValue value when value.TryGetValue<double>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => node.ToJsonString(),
    };

    private static string Scalar(string text) => Plain().IsMatch(text) && !OtherThings.Contains(text, StringComparer.OrdinalIgnoreCase)
        ? text
        : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^[A-Za-z/][A-Za-z0-9_./-]*$")]
    private static partial Regex Plain();
}
