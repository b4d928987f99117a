using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>The folders of the published directory as ConfigMaps and Secrets, which hold files and no folders.</summary>
internal static class KubernetesFiles
{
    /// <summary>Where a service sees each, and the ConfigMap's or Secret's name.</summary>
    public static IEnumerable<(string Path, string Name)> Of(Service service) => service.Files.SelectMany(Of);

    private static (string Path, string Name)[] Of(Mount files) => files.Volume switch
    {
        PublishedStack.GatewayFolder => [(files.ContainerPath, "gateway-stacks")],
        "secrets" => [(files.ContainerPath, KubernetesWorkloads.TokenSecret)],
        "backup" => [(files.ContainerPath, "backup-script")],
        "grafana/dashboards" => [(files.ContainerPath, "grafana-dashboards")],
        "grafana/provisioning" => [($"{files.ContainerPath}/dashboards", "grafana-providers"), ($"{files.ContainerPath}/datasources", "grafana-datasources")],
        _ => throw new InvalidOperationException($"The folder {files.Volume} has no ConfigMap."),
    };

    /// <summary>The ConfigMap that a file belongs to; null for one that is none's.</summary>
    public static string? ConfigMapOf(string path) => Path.GetDirectoryName(path) switch
    {
        PublishedStack.GatewayFolder => "gateway-stacks",
        "backup" => "backup-script",
        "grafana/dashboards" => "grafana-dashboards",
        "grafana/provisioning/dashboards" => "grafana-providers",
        "grafana/provisioning/datasources" => "grafana-datasources",
        _ => null,
    };
}
