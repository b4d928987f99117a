using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Terminal;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal rollout</c>: updates many stacks of a host or cluster, the canary first.</summary>
internal sealed class RolloutCommand : Command
{
    private readonly Argument<string[]> _directories = new("directory") { Description = "The stacks' directories.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _version = new("--version") { Description = "The version of our images (default: each stack's own; its manifests are written anew).", HelpName = "tag" };
    private readonly Option<string?> _canary = new("--canary") { Description = "The stack to update and verify first (default: the first one).", HelpName = "directory" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the rollout that stopped: its directories, its version." };
    private readonly Option<string?> _state = new("--state") { Description = "Where it is noted how far it got (default: rollout.json beside the first stack's directory; with --resume in this one).", HelpName = "file" };
    private readonly Option<bool> _noBackup = new("--no-backup") { Description = "Make no backups first." };
    private readonly Option<string?> _context = new("--context") { Description = "Kubernetes: the context of kubectl (default: the current one).", HelpName = "name" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show the plan." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Don't ask." };
    private readonly AddressOptions _address = new();
    private readonly TimeProvider _clock;

    public RolloutCommand(TimeProvider clock)
        : base("rollout", "Update many stacks, one after the other: the canary first, none after one that fails.")
    {
        _clock = clock;
        Arguments.Add(_directories);
        foreach (var option in (Option[])[_version, _canary, _resume, _state, _noBackup, _context, _dryRun, _yes]) Options.Add(option);
        _address.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_resume) && (result.GetValue(_directories)?.Length > 0 || result.GetValue(_version) is not null || result.GetValue(_canary) is not null))
                result.AddError("--resume goes on with the directories and the version of the rollout that stopped; leave them out.");
        });
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interruption = new Interruption();
        var directories = parsed.GetValue(_directories) ?? [];
        var first = parsed.GetValue(_canary) ?? directories.FirstOrDefault();
        var file = Path.GetFullPath(parsed.GetValue(_state) ?? Path.Combine(first is null ? "." : Path.GetDirectoryName(Path.GetFullPath(first).TrimEnd('/')) ?? "/", "rollout.json"));
        var rollout = new Rollout((directory, version, backup, cancel) => UpdateAsync(parsed, directory, version, backup, cancel), file, _clock);
        var state = parsed.GetValue(_resume) ? rollout.Resume() : rollout.Begin(directories, parsed.GetValue(_canary), parsed.GetValue(_version), !parsed.GetValue(_noBackup));
        // All of them, from beginning to end: nobody else may come between two updates.
        List<StackLock> held = [];
        try
        {
            foreach (var stack in state.Stacks) held.Add(StackLock.Take(stack.Directory));
            return await rollout.PlanOf(state).RunAsync(Consent.Of(parsed.GetValue(_dryRun), parsed.GetValue(_yes)), Console.Out, interruption.Stop);
        }
        finally
        {
            held.ForEach(taken => taken.Dispose());
        }
    }

    private async Task<int> UpdateAsync(ParseResult parsed, string directory, string? version, bool backup, CancellationToken cancel)
    {
        await Console.Out.WriteLineAsync();
        var stack = DeployedStack.Open(directory);
        var host = await StackHost.FindAsync(stack, Toolbox.Here, _clock, cancel, parsed.GetValue(_context));
        var steps = new StackSteps(Repository.Find(), _address.Read(parsed), Console.Out, _clock);
        return await (await new StackUpdate(stack, host, steps).PlanAsync(version, backup, cancel)).RunAsync(new() { Given = "yes" }, Console.Out, cancel);
    }
}
