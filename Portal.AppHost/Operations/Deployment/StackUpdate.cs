using System.Text.RegularExpressions;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations.Backups;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>A stack brought to another version of the portal, or to what its manifests and variables say now.</summary>
internal sealed partial class StackUpdate(DeployedStack stack, StackHost host, StackSteps steps)
{
    /// <param name="version">The tag of our images; null: the one that it has.</param>
    /// <param name="backup">Whether to make a backup first.</param>
    public async Task<Plan> PlanAsync(string? version, bool backup, CancellationToken cancel)
    {
        var to = version ?? stack.Published.Version;
        if (!Tag().IsMatch(to)) throw new UsageException($"--version is '{to}'; give the tag of our images, such as 1.4.0. Nothing was changed.");
        var running = await RunningAsync(cancel) ?? stack.Published.Version;
        var options = stack.Published with { Version = to };
        var name = "";
        string Back() => $"What runs is in ./portal verify. Mend it, or go back: with the ./portal of {running}, run ./portal update --directory {stack.Directory.Root} --version {running} --no-backup."
            + $" Migrations that the new version applied (the start of {Owner} in ./portal verify) don't go back by that:"
            + (name.Length > 0 ? $" ./portal restore --directory {stack.Directory.Root} --from {name} does, without what was stored since." : " only a backup's restore does.");

        var plan = new Plan($"Update {stack.Code} in {stack.Directory.Root} from {running} to {to}, {host.Name}:");
        plan.Remark("The services are away for seconds each; meters and pushes wait, and nothing is lost.");
        // The variable is what the second step writes.
        foreach (var line in (await steps.PublishAsync(options with { DryRun = true }, cancel)).Where(line => !line.Contains("keeps PORTAL_VERSION=", StringComparison.Ordinal))) plan.Remark(line);

        if (backup && stack.Kind != StackKind.Edge)
            plan.Add("Back it up", "backup: sh /backup/backup.sh once", $"All: {running} runs on.", async token =>
            {
                await using var open = await host.OpenBackupAsync(token);
                return name = await new StackBackups(stack, host).MakeAsync(token);
            });
        plan.Add("Write the version and the manifests", $"{stack.VariablesPath}, {stack.Directory.Root}/*", $"What runs: {running}, with the files that it was started with. The files in the directory may be of both.", async token =>
        {
            if (stack.Target == Target.Compose) await SetVersionAsync(to, token);
            return (await steps.PublishAsync(options, token))[^1];
        });
        if (stack.Target == Target.Compose && stack.Published.Registry.Length > 0)
            plan.Add("Pull the images", host.Says("pull"), $"What runs: {running}. The files say {to} already.", With(host.PullAsync, Back));
        plan.Add("Start what changed", host.Says(stack.Target == Target.Compose ? "up --detach --remove-orphans" : $"apply --kustomize {stack.Directory.Root}"), "The data. Some services may run the new version, some the one before.", With(token => host.UpAsync(token), Back));
        plan.Add("Wait until it is healthy", "ask how its services are", "The data. The new version was started.", With(token => StackSteps.WaitAsync(host, token), Back));
        plan.Add("Verify it", $"./portal verify --directory {stack.Directory.Root}", "The data. The new version runs.", With(token => steps.VerifyAsync(stack.Directory.Root, host, token), Back));
        return plan;
    }

    private string Owner => stack.Kind == StackKind.Admin ? "aggregator" : "api";

    // The image says what runs, whatever an update that was broken off has written.
    private async Task<string?> RunningAsync(CancellationToken cancel)
    {
        var image = (await host.StatusAsync(cancel)).FirstOrDefault(status => status.Service == (stack.Kind == StackKind.Edge ? Topology.Gateway.Name : "api"))?.Image ?? "";
        return image.LastIndexOf(':') is > 0 and var at && !image[at..].Contains('/', StringComparison.Ordinal) ? image[(at + 1)..] : null;
    }

    private async Task SetVersionAsync(string version, CancellationToken cancel)
    {
        var variables = stack.Variables;
        if (variables["PORTAL_VERSION"] == version) return;
        variables.Set("PORTAL_VERSION", version);
        await PrivateFile.WriteAsync(stack.VariablesPath, variables.ToString(), cancel);
    }

    // How to go back stands below whatever went wrong.
    private static Func<CancellationToken, Task> With(Func<CancellationToken, Task> act, Func<string> back) => async cancel =>
    {
        try
        {
            await act(cancel);
        }
        catch (StepFailedException e)
        {
            throw new StepFailedException(e.Message, e.Next is { } next ? $"{next} {back()}" : back());
        }
    };

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z")]
    private static partial Regex Tag();
}
