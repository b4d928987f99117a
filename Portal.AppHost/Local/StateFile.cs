using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.AppHost.Local;

/// <summary>Reads and writes <c>state.json</c>; a reader sees the old state or the new, never half of one.</summary>
internal static class StateFile
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>What was written last, or null when nothing was, or it can't be read (another version wrote it).</summary>
    public static EngineState? Read(StateFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<EngineState>(File.ReadAllText(folder.State), Json);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Write(StateFolder folder, EngineState state)
    {
        var next = $"{folder.State}.new";
        File.WriteAllText(next, JsonSerializer.Serialize(state, Json));
        File.Move(next, folder.State, overwrite: true);
    }

    public static void Delete(StateFolder folder) => File.Delete(folder.State);
}
