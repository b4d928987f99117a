using System.Reflection;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests;

/// <summary>The files beside the manifests that containers read, the same for both platforms.</summary>
internal static class StackFiles
{
    // What a backup is made with, and put back.
    private static readonly string[] BackupFiles = ["backup.sh", "contents.sql", "restore.sh"];

    /// <summary>The gateway's stack file, the backup's scripts, and what Grafana is provisioned with.</summary>
    /// <param name="repository">The repository's root, where the dashboards are.</param>
    /// <param name="addressOf">The address of a service inside the stack.</param>
    public static IEnumerable<PublishedFile> Of(Stack stack, PublishOptions options, string repository, Func<Service, string> addressOf)
    {
        var routed = stack.Services.Where(service => service.IsRouted).ToDictionary(service => service.Name, addressOf);
        yield return new($"{PublishedStack.GatewayFolder}/{stack.Code}.json", Gateway.HostFile(options.Host, routed) + "\n");
        foreach (var file in BackupFiles) yield return new($"backup/{file}", Embedded(file));
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

    private static string Embedded(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
