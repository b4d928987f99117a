using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Operations.Rotation;
using Portal.AppHost.Terminal;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal provision</c>: a customer's stack from nothing to running. The same command again goes on where one failed.</summary>
internal sealed class ProvisionCommand : Command
{
    private readonly PublishArguments _arguments = new();
    private readonly Option<string?> _name = new("--name") { Description = "What operators call the customer (default: its code).", HelpName = "name" };
    private readonly Option<string?> _edge = new("--edge") { Description = "Compose: the directory of this host's edge, which is told to route the stack.", HelpName = "directory" };
    private readonly Option<bool> _newToken = new("--new-token") { Description = "A customer that is registered already, and whose token is not here, gets a new one; the one in force is refused from then on." };
    private readonly Option<string?> _context = new("--context") { Description = "Kubernetes: the context of kubectl (default: the current one).", HelpName = "name" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show the plan." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Don't ask." };
    private readonly AddressOptions _address = new();
    private readonly TimeProvider _clock;

    public ProvisionCommand(TimeProvider clock)
        : base("provision", $"Make a customer's stack: directory, secrets, registration at the operators' stack (as {Credentials.EmailVariable} with {Credentials.PasswordVariable}, or asked for), manifests, start, verify.")
    {
        _clock = clock;
        _arguments.AddTo(this);
        foreach (var option in (Option[])[_name, _edge, _newToken, _context, _dryRun, _yes]) Options.Add(option);
        _address.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interruption = new Interruption();
        var options = _arguments.Read(parsed, "customer");
        options = options with { Output = Path.GetFullPath(options.Output) };
        if (Directory.Exists(options.Output) && File.Exists(Path.Combine(options.Output, PublicationRecord.Name)) && DeployedStack.Open(options.Output) is var before && before.Project != options.Name)
            throw new UsageException($"--output {options.Output} holds the stack '{before.Project}'. Give '{options.Name}' a directory of its own; nothing was changed.");
        var host = await StackHost.FindAsync(DeployedStack.Of(options), Toolbox.Here, _clock, interruption.Stop, parsed.GetValue(_context));
        var (address, consent) = (_address.Read(parsed), Consent.Of(parsed.GetValue(_dryRun), parsed.GetValue(_yes)));
        var steps = new StackSteps(Repository.Find(), address, Console.Out, _clock);
        FleetCustomer? fleet = null;
        // A token that is given was made by somebody who registered the customer.
        if (options is { FleetUrl: { } url, FleetToken: null })
        {
            var there = new Uri(new Uri(url).GetLeftPart(UriPartial.Authority));
            fleet = new(there, consent.DryRun ? new("", "", null) : Credentials.Read($"an operator of {there.Host}", null), address) { NewToken = parsed.GetValue(_newToken) };
        }

        using var provisioning = new Provisioning(options, host, Toolbox.Here, steps);
        if (!consent.DryRun && Directory.Exists(options.Output)) provisioning.Hold();
        var plan = provisioning.PlanOf(fleet, parsed.GetValue(_name) ?? options.Name.ToUpperInvariant(), parsed.GetValue(_edge));
        return await plan.RunAsync(consent, Console.Out, interruption.Stop);
    }
}
