using System.CommandLine;
using Portal.AppHost.Operations;
using Portal.AppHost.Terminal;

namespace Portal.AppHost.CommandLine;

/// <summary>A command that operates one published stack: which, where it runs, and whether somebody must be asked.</summary>
internal abstract class StackCommand : Command
{
    private readonly Option<string> _directory = new("--directory") { Description = "The stack's directory, as ./portal publish wrote it (default: the current one).", HelpName = "directory", DefaultValueFactory = _ => "." };
    private readonly Option<string?> _context = new("--context") { Description = "Kubernetes: the context of kubectl (default: the current one).", HelpName = "name" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show the plan." };
    private readonly bool _acts;
    private readonly Option<bool> _yes = new("--yes") { Description = "Don't ask." };

    /// <param name="acts">Whether it changes anything, and so has a plan that is shown and asked about first.</param>
    protected StackCommand(string name, string description, TimeProvider clock, bool acts = true)
        : base(name, description)
    {
        (Clock, _acts) = (clock, acts);
        Options.Add(_directory);
        Options.Add(_context);
        if (acts)
        {
            Options.Add(_dryRun);
            Options.Add(_yes);
        }

        SetAction((parsed, _) => RunAsync(parsed));
    }

    protected TimeProvider Clock { get; }

    /// <summary>Whether no other command may work on the stack meanwhile.</summary>
    protected virtual bool WorksAlone => _acts;

    /// <summary>Does it.</summary>
    /// <returns>The exit code: 0, or 1 where a step or check failed.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel);

    /// <summary>What was said about asking.</summary>
    protected Consent Consent(ParseResult parsed) => Operations.Consent.Of(parsed.GetValue(_dryRun), parsed.GetValue(_yes));

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interruption = new Interruption();
        var stack = DeployedStack.Open(parsed.GetValue(_directory)!);
        using var held = WorksAlone && !parsed.GetValue(_dryRun) ? StackLock.Take(stack.Directory.Root) : null;
        var host = await StackHost.FindAsync(stack, Toolbox.Here, Clock, interruption.Stop, parsed.GetValue(_context));
        return await RunAsync(parsed, stack, host, interruption.Stop);
    }
}
