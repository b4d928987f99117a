using System.Text.Json.Nodes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>When a pod is started, gets requests, and is started anew.</summary>
internal static class KubernetesProbes
{
    /// <summary>
    /// A service that isn't ready gets no requests, however long; only one that doesn't answer at all is started anew. A migration has ten minutes.
    /// </summary>
    public static void Add(JsonObject container, Service service)
    {
        container["startupProbe"] = Of(service, live: true, seconds: 5, failures: 120);
        container["readinessProbe"] = Of(service, live: false, seconds: 10, failures: 3);
        container["livenessProbe"] = Of(service, live: true, seconds: 20, failures: 3);
    }

    private static JsonObject Of(Service service, bool live, int seconds, int failures)
    {
        var probe = new JsonObject();
        if (service.Name == Timescale.Name || service.ReadyPort is not null) probe["exec"] = new JsonObject { ["command"] = Line(service, live) };
        else probe["httpGet"] = new JsonObject { ["path"] = live && !service.IsForeign ? "/health" : service.ReadyPath, ["port"] = "http" };
        probe["periodSeconds"] = seconds;
        probe["timeoutSeconds"] = 10;
        probe["failureThreshold"] = failures;
        return probe;
    }

    // The gateway answers for itself inside its container only.
    private static JsonArray Line(Service service, bool live) => new(
        [.. service.HealthCommand.Select(word => (JsonNode)(live && service.ReadyPort is not null ? word.Replace("/health/ready", "/health", StringComparison.Ordinal) : word))]);
}
