using System.Text.Json.Nodes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Compose;

/// <summary>The gateway before all stacks of a host: it alone has ports that the world can reach, and it ends TLS.</summary>
internal static class ComposeEdge
{
    private const string Heading =
        "Written by ./portal publish, which writes it anew: change .env. Each stack's edge/NAME.json goes into gateway/stacks,\ncertificates with their keys into certificates.";

    public static Publication Of(PublishOptions options, string ignored) => new()
    {
        Files = [new(StackDirectory.ComposeName, Write()), new(".gitignore", ignored)],
        EnvName = StackDirectory.EnvName,
        Variables =
        [
            new("COMPOSE_PROJECT_NAME", options.Name, "The edge. Its containers begin with the project's name."),
            new("PORTAL_VERSION", options.Version, "Images: PORTAL_REGISTRY ends in a slash, or is empty for images of this host."),
            new("PORTAL_REGISTRY", options.Registry),
            new("EDGE_HTTP", "80", "Ports of this host, or addresses such as 127.0.0.1:8080."),
            new("EDGE_HTTPS", "443"),
        ],
        Folders = [PublishedStack.GatewayFolder, "certificates"],
    };

    private static string Write()
    {
        var edge = PublishedStack.Edge;
        var container = ComposeService.Of(edge, Gateway.Name);
        container["ports"] = new JsonArray("${EDGE_HTTP:-80}:8080", "${EDGE_HTTPS:-443}:8443");
        var environment = new JsonObject { ["ASPNETCORE_URLS"] = $"http://*:8080;https://*:8443;http://127.0.0.1:{Gateway.ContainerStatusPort}" };
        foreach (var (name, setting) in edge.Environment) environment[name] = ((Setting.Literal)setting).Text;
        container["environment"] = environment;
        container["volumes"] = new JsonArray([.. edge.Files.Select(files => (JsonNode)$"./{files.Volume}:{files.ContainerPath}:ro")]);
        container["networks"] = new JsonArray(ComposeFile.EdgeNetwork);
        return Yaml.Write(Heading, new JsonObject
        {
            ["services"] = new JsonObject { [Gateway.Name] = container },
            ["networks"] = new JsonObject { [ComposeFile.EdgeNetwork] = new JsonObject { ["external"] = true } },
        });
    }
}
