using Portal.AppHost.Manifests;
using Portal.AppHost.Manifests.Compose;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>A customer's stack from nothing to running: each step keeps what an earlier try has done.</summary>
internal sealed class Provisioning(PublishOptions options, StackHost host, Toolbox tools, StackSteps steps) : IDisposable
{
    private StackLock? _held;

    /// <summary>Keeps others off the directory, which is made where it is missing, until this is disposed of. The plan does so at its beginning.</summary>
    /// <exception cref="UsageException">Another command works there, or this account may not.</exception>
    public void Hold()
    {
        new PublishedDirectory(options, TextWriter.Null).Make();
        _held ??= StackLock.Take(options.Output);
    }

    public void Dispose() => _held?.Dispose();

    /// <param name="fleet">Where it is registered; null: nowhere.</param>
    /// <param name="name">What operators call the customer.</param>
    /// <param name="edge">The directory of the host's edge that is to route it; null: somebody else does.</param>
    public Plan PlanOf(FleetCustomer? fleet, string name, string? edge)
    {
        var root = Path.GetFullPath(options.Output);
        var route = edge is null ? null : EdgeRoute.Of(edge, DeployedStack.Of(options));
        var plan = new Plan($"Provision {options.Name.ToUpperInvariant()} at {options.Host} in {root}, {host.Name}:");
        plan.Remark("What an earlier try has made, secrets above all, stays.");
        plan.Add("Make the directory, its secrets and its manifests", $"{root}/*", "Everything.", async cancel =>
        {
            Hold();
            return (await steps.PublishAsync(options, cancel))[^1];
        });
        if (fleet is not null)
            plan.Add($"Register it at {new Uri(options.FleetUrl!).Host} as '{name}'", "POST /api/fleet/customers", "Nothing runs yet. The directory is there.", async cancel =>
            {
                var said = await fleet.RegisterAsync(DeployedStack.Open(root), name, cancel);
                // On Kubernetes the token is part of what is applied once it is there.
                await steps.PublishAsync(options, cancel);
                return said;
            });
        if (options.Target == Target.Compose)
            plan.Add($"Make the network {ComposeFile.EdgeNetwork} where it is missing", $"docker network create --subnet {options.EdgeSubnet} {ComposeFile.EdgeNetwork}", "Nothing runs yet.", MakeNetworkAsync);
        plan.Add("Start it", host.Says(options.Target == Target.Compose ? "up --detach --remove-orphans" : $"apply --kustomize {root}"), "Other stacks. What was started of this one stays.", async cancel =>
        {
            await host.CreateAsync(cancel);
            await host.UpAsync(cancel);
        });
        plan.Add("Wait until it is healthy", "ask how its services are", "It was started.", cancel => StackSteps.WaitAsync(host, cancel));
        if (route is not null) plan.Add("Let the edge route it", $"cp {root}/edge/{options.Name}.json {route.File}", "It runs, and the edge does not know it.", route.CopyAsync);
        plan.Add("Verify it", $"./portal verify --directory {root}", "It runs.", cancel => steps.VerifyAsync(root, host, cancel));
        return plan;
    }

    private async Task<string?> MakeNetworkAsync(CancellationToken cancel)
    {
        if ((await tools.RunAsync(new(["docker", "network", "inspect", ComposeFile.EdgeNetwork]), cancel)).Succeeded) return "It is there.";
        var made = await tools.RunAsync(new(["docker", "network", "create", "--subnet", options.EdgeSubnet, ComposeFile.EdgeNetwork]), cancel);
        return made.Succeeded ? null : throw new StepFailedException(made.Said, "Is another network in that subnet? Choose one with --edge-subnet.");
    }
}
