using System.Reflection;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests;

/// <summary>The files beside the manifests that containers read, the same for both platforms.</summary>
internal static class StackFiles
{
    public const string BackupScript = "backup/backup.sh";

    /// <summary>The gateway's stack file, the backup's script, and what Grafana is provisioned with.</summary>
    /// <param name="repository">The repository's root, where the dashboards are.</param>
    /// <param name="addressOf">The address of a service inside the stack.</param>
    public static IEnumerable<PublishedFile> Of(Stack stack, PublishOptions options, string repository, Func<Service, string> addressOf)
    {
        var routed = stack.Services.Where(service => service.IsRouted).ToDictionary(service => service.Name, addressOf);
        yield return new($"{PublishedStack.GatewayFolder}/{stack.Code}.json", Gateway.HostFile(options.Host, routed) + "\n");
        yield return new(BackupScript, Script());
        if (!options.Grafana) yield break;

        foreach (var kind in (string[])["dashboards/portal.yml", "datasources/timescaledb.yml"])
            yield return new($"grafana/provisioning/{kind}", Provisioning(repository, kind, options));
        foreach (var dashboard in Directory.EnumerateFiles(Path.Combine(repository, Grafana.Dashboards(stack.Mode)), "*.json").Order(StringComparer.Ordinal))
            yield return new($"grafana/dashboards/{Path.GetFileName(dashboard)}", File.ReadAllText(dashboard));
    }

    private static string Provisioning(string repository, string kind, PublishOptions options)
    {
        var text = File.ReadAllText(Path.Combine(repository, "grafana", "provisioning", kind));
        // The way to a server of somebody else's is not the stack's own network.
        return options.DatabaseHost is null ? text : text.Replace("sslmode: disable", "sslmode: require", StringComparison.Ordinal);
    }

    private static string Script()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("backup.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
