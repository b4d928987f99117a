using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal update</c>: brings one stack to another version, and says how to go back where that fails.</summary>
internal sealed class UpdateCommand : StackCommand
{
    private readonly Option<string?> _version = new("--version") { Description = "The version of our images (default: the one it has; the manifests are written anew all the same).", HelpName = "tag" };
    private readonly Option<bool> _noBackup = new("--no-backup") { Description = "Make no backup first." };
    private readonly AddressOptions _address = new();

    public UpdateCommand(TimeProvider clock)
        : base("update", "Bring a stack to another version: backup, manifests, images, start, verify.", clock)
    {
        Options.Add(_version);
        Options.Add(_noBackup);
        _address.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
    {
        var steps = new StackSteps(Repository.Find(), _address.Read(parsed), Console.Out, Clock);
        var plan = await new StackUpdate(stack, host, steps).PlanAsync(parsed.GetValue(_version), !parsed.GetValue(_noBackup), cancel);
        return await plan.RunAsync(Consent(parsed), Console.Out, cancel);
    }
}
