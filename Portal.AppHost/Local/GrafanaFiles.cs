using System.Security.Cryptography;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Local;

/// <summary>What a stack's Grafana is given as files on this machine: its role's password, the data source, and where its dashboards lie.</summary>
internal static class GrafanaFiles
{
    private const int PasswordBytes = 32;

    // Where a container sees them; here they stay in the repository.
    private const string ContainerDashboards = "/var/lib/grafana/dashboards";

    public static async Task WriteAsync(StateFolder folder, Repository repository, Stack stack, CancellationToken cancel)
    {
        var password = folder.Secret(stack.Code, Grafana.Password);
        if (!File.Exists(password)) await PrivateFile.WriteAsync(password, Convert.ToBase64String(RandomNumberGenerator.GetBytes(PasswordBytes)), cancel);

        var from = Path.Combine(repository.Root, "grafana", "provisioning");
        var to = folder.Volume(stack.Code, Grafana.Provisioning);
        // Grafana complains about each kind of thing to provision that has no folder.
        foreach (var kind in (string[])["dashboards", "datasources", "plugins", "alerting"]) Directory.CreateDirectory(Path.Combine(to, kind));
        File.Copy(Path.Combine(from, "datasources", "timescaledb.yml"), Path.Combine(to, "datasources", "timescaledb.yml"), overwrite: true);
        var provider = await File.ReadAllTextAsync(Path.Combine(from, "dashboards", "portal.yml"), cancel);
        var dashboards = Path.Combine(repository.Root, Grafana.Dashboards(stack.Mode));
        await File.WriteAllTextAsync(Path.Combine(to, "dashboards", "portal.yml"), provider.Replace(ContainerDashboards, dashboards, StringComparison.Ordinal), cancel);
    }
}
