using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

/// <summary>
/// Every folder of <c>tests/golden</c> is a post from the field: <c>native.json</c>, <c>acuvim.json</c> or <c>acuvim.csv</c>, sometimes a
/// <c>datasource.txt</c>, and what must be read from it in <c>expected.json</c>. Set GOLDEN_UPDATE=1 to write the expectations anew, and
/// read the difference before you keep it.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Root()).Select(folder => Path.GetFileName(folder)).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_post_from_the_field_is_read_as_expected(string name)
    {
        var folder = Path.Combine(Root(), name);
        var actual = Read(folder).ToJsonString(Indented) + "\n";
        var file = Path.Combine(folder, "expected.json");
        if (Environment.GetEnvironmentVariable("GOLDEN_UPDATE") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static JsonObject Read(string folder)
    {
        var input = Directory.GetFiles(folder).Single(file => Path.GetFileName(file) is "native.json" or "acuvim.json" or "acuvim.csv");
        var bytes = File.ReadAllBytes(input);
        var dataSource = Path.Combine(folder, "datasource.txt");
        try
        {
            var post = Path.GetFileName(input).StartsWith("native", StringComparison.Ordinal)
                ? NativeDecoder.Decode(bytes)
                : AcuvimDecoder.Decode(bytes, File.Exists(dataSource) ? File.ReadAllText(dataSource) : null);
            return new JsonObject
            {
                ["rows"] = new JsonArray([.. Enumerable.Range(0, post.Batch.Count).Select(row => Row(post.Batch, row))]),
                ["unknownParameters"] = new JsonArray([.. post.UnknownParameters.Select(Unknown)]),
            };
        }
        catch (UnreadablePostException e)
        {
            return new JsonObject { ["unreadable"] = e.Reason.ToString(), ["message"] = e.Message };
        }
    }

    private static JsonObject Row(MeasurementBatch batch, int row)
    {
        var key = batch.Keys[row];
        var json = new JsonObject { ["index"] = key.Source, ["externalId"] = batch.ExternalIds[key.Device] };
        if (key.Ticks != 0)
        {
            json[key.IsLocal ? "localTime" : "time"] = new DateTime(key.Ticks).ToString(
                key.IsLocal ? "yyyy-MM-ddTHH:mm:ss.ffffff" : "yyyy-MM-ddTHH:mm:ss.ffffffZ",
                CultureInfo.InvariantCulture
            );
        }

        if (key.IsRepeated)
        {
            json["localTimeRepeated"] = true;
        }

        if (batch.Refused(row) is { } reason)
        {
            json["refused"] = reason.ToString();
        }

        foreach (var quantity in Quantities.All)
        {
            var value = batch.Values(row)[quantity.Index];
            if (!double.IsNaN(value))
            {
                json[quantity.Name] = quantity.Kind == QuantityKind.LoadType ? ((char)value).ToString() : value;
            }
        }

        return json;
    }

    private static JsonObject Unknown(UnknownParameter unknown) =>
        new()
        {
            ["externalId"] = unknown.ExternalId,
            ["name"] = unknown.Name,
            ["count"] = unknown.Count,
        };

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../golden"));
}
