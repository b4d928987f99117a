using System.CommandLine;
using System.Reflection;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal publish</c>: writes a stack's manifests, and makes the secrets that are missing.</summary>
internal sealed class PublishCommand : Command
{
    /// <summary>
    /// The token that the operators' stack made for the customer, where there is one yet. No option: others would see it in the list of processes,
    /// and the shell would keep it.
    /// </summary>
    public const string FleetTokenVariable = "PORTAL_FLEET_TOKEN";

    /// <summary>The secret that a provider gave the stack, likewise.</summary>
    public const string ProviderSecretVariable = "PORTAL_OIDC_CLIENT_SECRET";

    private readonly Option<string> _stack = new("--stack") { Description = "customer, admin (the operators' stack) or edge (the gateway before a host's stacks).", HelpName = "customer|admin|edge", Required = true };
    private readonly PublishArguments _arguments = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would change." };

    public PublishCommand()
        : base("publish", $"Write a stack's manifests; secrets are made once and stay. A customer's push token is read from {FleetTokenVariable}.")
    {
        Options.Add(_stack);
        _arguments.AddTo(this);
        Options.Add(_dryRun);
        SetAction((parsed, cancel) => RunAsync(_arguments.Read(parsed, parsed.GetValue(_stack)!) with { DryRun = parsed.GetValue(_dryRun) }, Repository.Find(), Console.Out, cancel));
    }

    /// <summary>The version of this program, and of the images that are built with it.</summary>
    public static string OwnVersion => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Publishes, without asking anything.</summary>
    public static async Task<int> RunAsync(PublishOptions options, Repository repository, TextWriter output, CancellationToken cancel)
    {
        await new PublishedDirectory(options, output).WriteAsync(StackPublication.Of(options, repository.Root), cancel);
        return 0;
    }
}
