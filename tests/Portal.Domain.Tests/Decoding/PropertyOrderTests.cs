using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

public sealed class PropertyOrderTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Root(), "acuvim.json", SearchOption.AllDirectories).Where(IsJson).Select(file => new DirectoryInfo(file).Parent!.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_order_of_properties_says_nothing(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Root(), name, "acuvim.json"));
        var reversed = Encoding.UTF8.GetBytes(Reverse(JsonNode.Parse(bytes))!.ToJsonString());

        Assert.Equal(Describe(bytes), Describe(reversed));
    }

    private static JsonNode? Reverse(JsonNode? node) =>
        node switch
        {
            JsonObject o => new JsonObject(o.Reverse().Select(pair => KeyValuePair.Create(pair.Key, Reverse(pair.Value)))),
            JsonArray a => new JsonArray([.. a.Select(Reverse)]),
            _ => node?.DeepClone(),
        };

    private static string Describe(byte[] bytes)
    {
        try
        {
            var post = AcuvimDecoder.Decode(bytes, "DS1/x");
            var rows = Enumerable
                .Range(0, post.Batch.Count)
                .Select(row => $"{post.Batch.Keys[row]} {post.Batch.Refused(row)} {string.Join(' ', post.Batch.Values(row).ToArray())}");
            return string.Join('\n', [.. rows, .. post.Batch.ExternalIds, .. post.UnknownParameters.Select(unknown => unknown.ToString())]);
        }
        catch (UnreadablePostException e)
        {
            return e.Message;
        }
    }

    private static bool IsJson(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../golden"));
}
