using System.Globalization;
using System.Runtime.CompilerServices;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Operations.Checks;

/// <summary>Free space where the stack's volumes are, as the containers that write there see it.</summary>
internal sealed class DiskChecks(DeployedStack stack, StackHost host)
{
    /// <summary>A database that has no room stops; at this share somebody must act today.</summary>
    private const double TooFull = 0.95;

    private const double Full = 0.85;

    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        HashSet<string> seen = [];
        foreach (var (service, volume, path) in Volumes())
        {
            var answer = await host.RunAsync(new(service, ["df", "-Pk", path]) { Limit = TimeSpan.FromSeconds(20) }, cancel);
            var subject = $"disk {volume}";
            if (!answer.Succeeded || answer.Output.Trim().Split('\n') is not [.., var line] || line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: >= 6 } fields
                || !double.TryParse(fields[1], CultureInfo.InvariantCulture, out var size) || !double.TryParse(fields[3], CultureInfo.InvariantCulture, out var free))
            {
                yield return Check.Notable(subject, $"not known: {answer.Said}", $"See {service} above.");
                continue;
            }

            // Volumes of one disk say the same.
            if (seen.Add($"{fields[0]} {fields[1]}")) yield return Of(subject, size, free);
        }
    }

    // On Compose all volumes are on the host's disk, the backups' perhaps on another; the backup's pod runs at night only.
    private IEnumerable<(string Service, string Volume, string Path)> Volumes() =>
        from service in stack.Services
        where service.Name is Timescale.Name or Grafana.Name || (service.Name == Timescale.Backup && stack.Target == Target.Compose)
        let mount = service.Mounts[0]
        select (service.Name, mount.Volume, mount.ContainerPath);

    private static Check Of(string subject, double size, double free)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"{free / 1024 / 1024:0.0} of {size / 1024 / 1024:0.0} GiB free");
        var used = size > 0 ? 1 - (free / size) : 1;
        return used > TooFull ? Check.Failed(subject, seen, "Give it more room now, or a shorter BACKUP_KEEP_DAYS: a full disk stops the database. Nothing that was accepted is lost.")
            : used > Full ? Check.Notable(subject, seen, "Give it more room within days.")
            : Check.Good(subject, seen);
    }
}
