using System.Globalization;
using System.Text.Json.Nodes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Compose;

/// <summary>What every container has in common: its image and name, and what it may and may not.</summary>
internal static class ComposeService
{
    // 50 MB of logs per container.
    private const string LogSize = "10m";
    private const string LogFiles = "5";

    /// <param name="container">The last part of the container's name.</param>
    public static JsonObject Of(Service service, string container)
    {
        var made = new JsonObject
        {
            ["image"] = Image(service),
            ["container_name"] = ComposeFile.Required("COMPOSE_PROJECT_NAME") + $"_{container}",
            ["restart"] = "unless-stopped",
            ["user"] = $"{service.UserId}:{service.UserId}",
            ["read_only"] = true,
            ["cap_drop"] = new JsonArray("ALL"),
            ["security_opt"] = new JsonArray("no-new-privileges:true"),
            ["tmpfs"] = new JsonArray([.. service.Scratch.Select(folder => (JsonNode)$"{folder}:mode=1777,size=64m")]),
            ["cpus"] = service.Limits.Cpus,
            ["mem_limit"] = $"{service.Limits.MemoryMiB}m",
            ["pids_limit"] = 512,
            ["stop_grace_period"] = service.Name == Timescale.Name ? "60s" : "15s",
        };
        if (service.Groups.Count > 0) made["group_add"] = new JsonArray([.. service.Groups.Select(group => (JsonNode)$"{group}")]);
        if (service.Name == Timescale.Name) made["shm_size"] = "256m";
        if (service.Command.Count > 0) made["command"] = Line(service.Command);
        made["healthcheck"] = new JsonObject
        {
            ["test"] = Line(service.HealthCommand.Prepend("CMD")),
            // A probe of ours starts a runtime, some 0.1 s of a core; pg_isready costs nothing, and the API waits for it.
            ["interval"] = service.Name == Timescale.Name ? "5s" : "30s",
            ["timeout"] = "10s",
            ["retries"] = 3,
            ["start_period"] = "120s",
        };
        made["logging"] = new JsonObject
        {
            ["driver"] = "json-file",
            ["options"] = new JsonObject { ["max-size"] = LogSize, ["max-file"] = LogFiles },
        };
        return made;
    }

    // A registry of the deployer's own takes the place of the usual one, for images that aren't ours too.
    private static string Image(Service service) => service.IsForeign
        ? $"${{{service.ForeignImage.Split('/')[0].ToUpper(CultureInfo.InvariantCulture)}_IMAGE:-{service.ForeignImage}}}"
        : $"${{PORTAL_REGISTRY:-}}{service.Image}:{ComposeFile.Required("PORTAL_VERSION")}";

    // Compose would take a dollar for one of its own variables.
    private static JsonArray Line(IEnumerable<string> words) =>
        new([.. words.Select(word => (JsonNode)word.Replace("$", "$$", StringComparison.Ordinal))]);
}
