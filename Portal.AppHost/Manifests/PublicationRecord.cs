using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.AppHost.Manifests;

/// <summary>
/// <c>publication.json</c>: with which options a directory was published, so that later commands know what lies there and can write its manifests
/// anew. It holds no secret.
/// </summary>
internal static class PublicationRecord
{
    public const string Name = "publication.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static PublishedFile Of(PublishOptions options) => new(Name, JsonSerializer.Serialize(options, Json) + "\n");

    /// <exception cref="JsonException">It is not such a file, or a newer version's.</exception>
    public static PublishOptions Read(string text) => JsonSerializer.Deserialize<PublishOptions>(text, Json) ?? throw new JsonException($"{Name} is null.");
}
