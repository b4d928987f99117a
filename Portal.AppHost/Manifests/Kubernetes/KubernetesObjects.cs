using System.Globalization;
using System.Text.Json.Nodes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>The parts that several objects have in common.</summary>
internal static class KubernetesObjects
{
    public static JsonObject Object(string version, string kind, string name, JsonObject? spec = null)
    {
        var made = new JsonObject { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(name) } };
        if (spec is not null) made["spec"] = spec;
        return made;
    }

    public static JsonObject Labels(string name) => new() { ["app.kubernetes.io/name"] = name, ["app.kubernetes.io/part-of"] = "tau-acuvim-portal" };

    /// <summary>What selects a service's pods.</summary>
    public static JsonObject Selector(string name) => new() { ["app.kubernetes.io/name"] = name };

    /// <summary>A claim of a volume that one pod writes.</summary>
    public static JsonObject Claim(string name, string size) => new()
    {
        ["accessModes"] = new JsonArray("ReadWriteOnce"),
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
    };

    /// <summary>A service's name in the cluster.</summary>
    public static string HostOf(Service service) => service.Name;

    /// <summary>The pod of a service, within the <em>restricted</em> pod security standard.</summary>
    /// <param name="volumes">The volumes that its mounts and files come from.</param>
    public static JsonObject Pod(Service service, JsonObject container, JsonArray volumes) => new()
    {
        ["automountServiceAccountToken"] = false,
        ["enableServiceLinks"] = false,
        ["securityContext"] = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = service.UserId,
            ["runAsGroup"] = service.UserId,
            ["fsGroup"] = service.UserId,
            ["fsGroupChangePolicy"] = "OnRootMismatch",
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        },
        ["containers"] = new JsonArray(container),
        ["volumes"] = volumes,
    };

    public static JsonObject Container(Service service, string image, JsonArray environment, JsonArray mounts)
    {
        var made = new JsonObject
        {
            ["name"] = service.Name,
            ["image"] = image,
            ["imagePullPolicy"] = "IfNotPresent",
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
            // A tenth of the cores is kept for it, all of the memory: what is taken away there is a crash.
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = $"{service.Limits.Cpus * 100:0}m", ["memory"] = Memory(service) },
                ["limits"] = new JsonObject { ["cpu"] = service.Limits.Cpus.ToString(CultureInfo.InvariantCulture), ["memory"] = Memory(service) },
            },
            ["env"] = environment,
            ["volumeMounts"] = mounts,
        };
        if (service.Command.Count > 0) made["command"] = new JsonArray([.. service.Command.Select(word => (JsonNode)word)]);
        return made;
    }

    private static string Memory(Service service) => $"{service.Limits.MemoryMiB}Mi";
}
