using System.CommandLine;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Operations.Rotation;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal decommission</c>: takes a stack away, after its code was typed.</summary>
internal sealed class DecommissionCommand : StackCommand
{
    private readonly Option<string?> _finalBackup = new("--final-backup") { Description = "The folder outside the stack's directory that gets the last backup.", HelpName = "folder" };
    private readonly Option<bool> _noBackup = new("--no-backup") { Description = "Make no last backup: the data are lost." };
    private readonly Option<string?> _confirm = new("--confirm") { Description = "The stack's code, in place of typing it when asked.", HelpName = "code" };
    private readonly Option<bool> _keepFleet = new("--keep-fleet") { Description = "Leave the customer, and all that it pushed, at the operators' stack." };
    private readonly Option<string?> _edge = new("--edge") { Description = "Compose: the directory of this host's edge, which is told to forget the stack.", HelpName = "directory" };
    private readonly AddressOptions _address = new();

    public DecommissionCommand(TimeProvider clock)
        : base("decommission", $"Take a stack away: last backup, containers, volumes, networks, edge, fleet (as {Credentials.EmailVariable} with {Credentials.PasswordVariable}, or asked for), directory. --yes is not enough: type its code, or say --confirm.", clock)
    {
        foreach (var option in (Option[])[_finalBackup, _noBackup, _confirm, _keepFleet, _edge]) Options.Add(option);
        _address.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
    {
        var (backup, none) = (parsed.GetValue(_finalBackup), parsed.GetValue(_noBackup));
        if (stack.Kind != StackKind.Edge && backup is null == !none) throw new UsageException("Say --final-backup FOLDER, or --no-backup to lose the data; nothing was changed.");
        var consent = Consent(parsed) with { Word = stack.Code, Given = parsed.GetValue(_confirm), Option = "--confirm" };
        FleetCustomer? fleet = null;
        if (!parsed.GetValue(_keepFleet) && stack.Kind == StackKind.Customer && stack.Published.FleetUrl is { } url)
        {
            var there = new Uri(new Uri(url).GetLeftPart(UriPartial.Authority));
            fleet = new(there, consent.DryRun ? new("", "", null) : Credentials.Read($"an operator of {there.Host}", null), _address.Read(parsed));
        }

        var ending = new Ending(stack.Kind == StackKind.Edge ? null : backup, fleet, parsed.GetValue(_edge));
        return await new Decommissioning(stack, host, Toolbox.Here).PlanOf(ending).RunAsync(consent, Console.Out, cancel);
    }
}
