using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.AppHost.Local;

namespace Portal.AppHost.Operations.Deployment;

internal enum RolloutPhase
{
    Waiting,
    Updating,
    Done,
    Failed,
}

/// <summary>How far a rollout got with one stack.</summary>
internal sealed record RolloutStack(string Directory, RolloutPhase Phase, DateTimeOffset? At = null);

/// <summary>How far a rollout got: a small file that a person reads, and <c>--resume</c>.</summary>
/// <param name="Version">The version that it brings; null: each stack's own.</param>
/// <param name="Stacks">In their order, the canary first.</param>
internal sealed record RolloutState(string? Version, bool Backup, DateTimeOffset StartedAt, IReadOnlyList<RolloutStack> Stacks)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    [JsonIgnore]
    public bool IsDone => Stacks.All(stack => stack.Phase == RolloutPhase.Done);

    /// <summary>Reads it; null where there is none.</summary>
    /// <exception cref="UsageException">It is no such file.</exception>
    public static RolloutState? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<RolloutState>(File.ReadAllText(path), Json);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} can't be read: {e.Message} Nothing was changed. Remove it, and roll out anew: stacks that have the version already take seconds.");
        }
    }

    public Task WriteAsync(string path) => PrivateFile.WriteAsync(path, JsonSerializer.Serialize(this, Json) + "\n", CancellationToken.None);

    /// <summary>The same, with one stack further on.</summary>
    public RolloutState With(string directory, RolloutPhase phase, DateTimeOffset at) =>
        this with { Stacks = [.. Stacks.Select(stack => stack.Directory == directory ? stack with { Phase = phase, At = at } : stack)] };
}
