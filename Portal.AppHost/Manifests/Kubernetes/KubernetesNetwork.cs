using System.Text.Json.Nodes;
using Portal.AppHost.Topology;
using static Portal.AppHost.Manifests.Kubernetes.KubernetesObjects;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>Who may talk to whom: nobody to anybody, but for what the topology says.</summary>
internal static class KubernetesNetwork
{
    public static IEnumerable<JsonObject> Of(Stack stack, PublishOptions options)
    {
        yield return Object("networking.k8s.io/v1", "NetworkPolicy", "default-deny", new JsonObject
        {
            ["podSelector"] = new JsonObject(),
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
        });
        yield return Object("networking.k8s.io/v1", "NetworkPolicy", "names", new JsonObject
        {
            ["podSelector"] = new JsonObject(),
            ["policyTypes"] = new JsonArray("Egress"),
            ["egress"] = new JsonArray(new JsonObject
            {
                ["to"] = new JsonArray(new JsonObject
                {
                    ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = "kube-system" } },
                    ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["k8s-app"] = "kube-dns" } },
                }),
                ["ports"] = new JsonArray(Port(53, "UDP"), Port(53)),
            }),
        });
        foreach (var service in stack.Services) yield return Policy(stack, service, options);
    }

    /// <summary>The services of its stack that a service calls.</summary>
    public static IEnumerable<string> Called(Stack stack, Service service)
    {
        var settings = stack.EnvironmentOf(service).Values;
        var named = settings.OfType<Setting.EndpointOf>().Select(endpoint => endpoint.Service);
        var database = service.Name != Timescale.Name && settings.Any(setting => setting is Setting.Database or Setting.DatabasePart { Part: DatabasePart.Host }) ? [Timescale.Name] : (string[])[];
        var routed = service.Name == Gateway.Name ? stack.Services.Where(other => other.IsRouted).Select(other => other.Name) : [];
        return named.Concat(database).Concat(routed).Where(name => stack.Services.Any(other => other.Name == name)).Distinct().Order(StringComparer.Ordinal);
    }

    private static JsonObject Policy(Stack stack, Service service, PublishOptions options)
    {
        var callers = stack.Services.Where(other => Called(stack, other).Contains(service.Name)).Select(other => (JsonNode)Pods(other.Name)).ToList();
        if (service.Name == Gateway.Name)
            callers.Add(new JsonObject { ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = options.IngressNamespace } } });
        var egress = new JsonArray([.. Called(stack, service).Select(name => (JsonNode)To(Pods(name), stack[name].ContainerPort))]);
        // Where the operators' stack, a provider, or somebody else's database, is, only its owner knows.
        if (service.Name == "ingest" && options.FleetUrl is { } fleet) egress.Add(Anywhere(new Uri(fleet).Port));
        if (service.Name == "api" && options.Provider is { } provider) egress.Add(Anywhere(new Uri(provider.Authority).Port));
        if (options.DatabaseHost is not null && stack.EnvironmentOf(service).Values.Any(setting => setting is Setting.Database or Setting.DatabasePart)) egress.Add(Anywhere(options.DatabasePort));

        var spec = new JsonObject { ["podSelector"] = new JsonObject { ["matchLabels"] = Selector(service.Name) }, ["policyTypes"] = new JsonArray("Ingress", "Egress") };
        if (callers.Count > 0) spec["ingress"] = new JsonArray(new JsonObject { ["from"] = new JsonArray([.. callers]), ["ports"] = new JsonArray(Port(service.ContainerPort)) });
        if (egress.Count > 0) spec["egress"] = egress;
        return Object("networking.k8s.io/v1", "NetworkPolicy", service.Name, spec);
    }

    private static JsonObject Pods(string name) => new() { ["podSelector"] = new JsonObject { ["matchLabels"] = Selector(name) } };

    private static JsonObject To(JsonObject peer, int port) => new() { ["to"] = new JsonArray(peer), ["ports"] = new JsonArray(Port(port)) };

    private static JsonObject Anywhere(int port) => new() { ["ports"] = new JsonArray(Port(port)) };

    private static JsonObject Port(int port, string protocol = "TCP") => new() { ["protocol"] = protocol, ["port"] = port };
}
