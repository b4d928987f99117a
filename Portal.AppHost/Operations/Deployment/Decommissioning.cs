using Portal.AppHost.Manifests;
using Portal.AppHost.Operations.Backups;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>What the end of a stack is to spare, and who else is to forget it.</summary>
/// <param name="FinalBackup">The folder that gets the last backup; null: none is made.</param>
/// <param name="Fleet">From where the customer is deleted; null: it stays there, or never was.</param>
/// <param name="Edge">The directory of the edge that routes it; null: none does, or somebody else takes it out.</param>
internal sealed record Ending(string? FinalBackup, FleetCustomer? Fleet, string? Edge);

/// <summary>A stack taken away without leaving anything behind: the last backup first, the directory, which says what there was, last.</summary>
internal sealed class Decommissioning(DeployedStack stack, StackHost host, Toolbox tools)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // Of a publication, its deployer and our own commands.
    private static readonly string[] Ours =
    [
        StackDirectory.EnvName, StackDirectory.ComposeName, "compose.override.yaml", StackDirectory.KustomizationName, PublicationRecord.Name, ".gitignore", StackLock.FileName, StackDirectory.RotationName,
        "secrets", "certificates", "edge", "gateway", "grafana", "backup",
    ];

    /// <exception cref="UsageException">Something would be lost that is not the stack's; nothing was changed.</exception>
    public Plan PlanOf(Ending ending)
    {
        var root = stack.Directory.Root;
        if (Foreign() is { Count: > 0 } foreign)
            throw new UsageException($"{root} holds what is not the stack's: {string.Join(", ", foreign)}. Nothing was changed. The directory is deleted at the end: move those elsewhere first.");
        if (ending.FinalBackup is { } folder && $"{Path.GetFullPath(folder)}/".StartsWith($"{root}/", StringComparison.Ordinal))
            throw new UsageException($"--final-backup {folder} is inside the stack's directory, which is deleted at the end. Nothing was changed. Give a folder elsewhere.");
        var route = ending.Edge is null ? null : EdgeRoute.Of(ending.Edge, stack);

        var plan = new Plan($"Take away {stack.Code}{(stack.Host.Length > 0 ? $" ({stack.Host})" : "")} in {root}, {host.Name}, FOR GOOD:");
        plan.Remark(ending.FinalBackup is null ? "Its data are lost: no last backup is made." : $"Its data are afterwards in {Path.GetFullPath(ending.FinalBackup)} alone.");
        if (stack.Published.DatabaseHost is { } server) plan.Remark($"Its database at {server} is somebody else's and stays: drop it there.");
        if (stack.Kind == StackKind.Admin) plan.Remark("This is the operators' stack: every customer's pushes are refused from then on.");
        if (stack.Services.Any(service => service.Name == "gateway") && ending.FinalBackup is not null)
            plan.Add("Let nobody in any more, so that nothing comes after the last backup", host.Says("stop gateway"), "All: it runs.", async cancel =>
            {
                if (await IsGoneAsync(cancel)) return "Its containers are gone already.";
                await host.StopAsync(cancel, "gateway");
                return null;
            });
        if (ending.FinalBackup is { } to)
            plan.Add($"Make the last backup, copy it to {Path.GetFullPath(to)} and compare the checksums", "backup: sh /backup/backup.sh once", $"All data. Meters are refused, and keep what they have: {host.Says(stack.Target == Target.Compose ? "start gateway" : "scale deployment/gateway --replicas=2")} lets them in again.", cancel => BackUpAsync(Path.GetFullPath(to), cancel));
        if (route is not null) plan.Add("Let the edge forget it", $"rm {route.File}", "The stack, its data and its directory.", _ =>
        {
            route.Remove();
            return Task.CompletedTask;
        });
        plan.Add("Remove its containers, volumes and networks", host.Says(stack.Target == Target.Compose ? "down --volumes --remove-orphans" : $"delete namespace {stack.Project}"), "The directory with its secrets. Some containers or volumes may be gone.", RemoveAsync);
        if (ending.Fleet is { } fleet) plan.Add("Delete it from the fleet, with all that it pushed", "DELETE /api/fleet/customers/ID", "The customer at the operators' stack, and the directory.", cancel => fleet.DeleteAsync(stack, cancel));
        plan.Add("Delete the directory", $"rm -rf {root}", "What is still in it.", DeleteAsync);
        return plan;
    }

    private async Task<string?> BackUpAsync(string folder, CancellationToken cancel)
    {
        if (await IsGoneAsync(cancel)) return "Its containers are gone already.";
        // A stack that was stopped long ago has data too.
        if (stack.HasDatabase && !(await host.StatusAsync(cancel)).Single(status => status.Service == Timescale.Name).IsHealthy)
        {
            await host.UpAsync(cancel, Timescale.Name);
            await host.WaitUntilHealthyAsync(Patience, cancel, Timescale.Name);
        }

        await using var open = await host.OpenBackupAsync(cancel);
        var backups = new StackBackups(stack, host);
        var copy = await BackupFolder.CopyAsync(backups, await backups.MakeAsync(cancel), folder, cancel);
        return $"{Path.Combine(folder, copy.Name)}.dump and {Counted.Of(copy.Files.Count - 1, "file")} beside it.";
    }

    // A try before this one came past the last backup only when that was whole. Where anything is left that could hold data, nothing is gone.
    private async Task<bool> IsGoneAsync(CancellationToken cancel) =>
        !(await host.LeftAsync(cancel)).Any(left => left.StartsWith("container ", StringComparison.Ordinal) || left.StartsWith("namespace/", StringComparison.Ordinal) || left == $"volume {stack.Project}_{Timescale.Data}");

    private async Task RemoveAsync(CancellationToken cancel)
    {
        await host.RemoveAsync(cancel);
        if (await host.LeftAsync(cancel) is { Count: > 0 } left)
            throw new StepFailedException($"Still there: {string.Join(", ", left)}.", stack.Target == Target.Compose ? "See what uses it: docker ps --all, docker network inspect." : "A volume that is retained is deleted by hand: kubectl delete persistentvolume NAME, and its disk where that is kept.");
    }

    private IReadOnlyList<string> Foreign() =>
        [.. Directory.EnumerateFileSystemEntries(stack.Directory.Root).Select(entry => Path.GetFileName(entry)!).Where(name => !Ours.Contains(name) && !(stack.Target == Target.Kubernetes && name.EndsWith(".yaml", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];

    // By rm, which goes through no link, also when somebody who may write in one of the folders puts one there meanwhile.
    private async Task DeleteAsync(CancellationToken cancel)
    {
        if (Foreign() is { Count: > 0 } foreign) throw new StepFailedException($"{stack.Directory.Root} holds by now what is not the stack's: {string.Join(", ", foreign)}.", "Move it elsewhere.");
        var removed = await tools.RunAsync(new(["rm", "-rf", "--", stack.Directory.Root]), cancel);
        if (!removed.Succeeded) throw new StepFailedException(removed.Said);
    }
}
