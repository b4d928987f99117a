using System.CommandLine;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Backups;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal restore</c>: puts a backup in the place of what a stack holds.</summary>
internal sealed class RestoreCommand : StackCommand
{
    private readonly Option<string> _from = new("--from") { Description = "A backup's name, as ./portal backup --list shows it, or a file of one on this host.", HelpName = "name|file", Required = true };
    private readonly Option<bool> _noSafetyBackup = new("--no-safety-backup") { Description = "Don't back up what is there first; its database is kept beside the restored one." };
    private readonly Option<string?> _confirm = new("--confirm") { Description = "The stack's code, in place of typing it when asked.", HelpName = "code" };
    private readonly Option<int> _ledgerMinutes = new("--ledger-minutes") { Description = "How long to wait for the comparison with the fleet, 0 to 1440.", HelpName = "minutes", DefaultValueFactory = _ => 10 };

    public RestoreCommand(TimeProvider clock)
        : base("restore", "Put a backup in the place of what a stack holds: into a new database that is compared first, so that a failure leaves the old one.", clock)
    {
        foreach (var option in (Option[])[_from, _confirm, _noSafetyBackup, _ledgerMinutes]) Options.Add(option);
    }

    protected override Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
    {
        if (stack.Kind == StackKind.Edge) throw new UsageException($"{stack.Directory.Root} holds the edge, which has no backups. Nothing was changed.");
        var minutes = parsed.GetValue(_ledgerMinutes);
        if (minutes is < 0 or > 1440) throw new UsageException($"--ledger-minutes is {minutes}; give 0 to 1440. Nothing was changed.");
        var options = Source(parsed.GetValue(_from)!, stack) with { SafetyBackup = !parsed.GetValue(_noSafetyBackup), LedgerPatience = TimeSpan.FromMinutes(minutes) };
        var consent = Consent(parsed);
        // What is overwritten is asked for by name: a yes is quickly said.
        return new RestorePlan(stack, host, new(stack, host), options, Clock).Make()
            .RunAsync(consent with { Word = stack.Code, Given = parsed.GetValue(_confirm) ?? consent.Given, Option = "--confirm" }, Console.Out, cancel);
    }

    /// <summary>Where the backup is.</summary>
    /// <exception cref="UsageException">There is none, or it is another stack's.</exception>
    public static RestoreOptions Source(string from, DeployedStack stack)
    {
        if (StackBackups.IsName(from)) return new(from, null);
        var files = BackupFolder.Open(from);
        return files.Manifest().Stack == stack.Project ? new(files.Name, files)
            : throw new UsageException($"{from} is a backup of the stack '{files.Manifest().Stack}', and {stack.Directory.Root} holds '{stack.Project}'. Nothing was changed. Give the right directory.");
    }
}
