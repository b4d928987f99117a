using System.CommandLine;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal verify</c>: every check of a running stack, one line each; the exit code is 1 where one failed.</summary>
internal sealed class VerifyCommand : StackCommand
{
    private readonly AddressOptions _address = new();

    public VerifyCommand(TimeProvider clock)
        : base("verify", "Check a stack: services, health inside and outside, certificate, start, database, backup, fleet push and disks.", clock, acts: false) => _address.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel) =>
        await new Verification(stack, host, _address.Read(parsed), Clock).RunAsync(Console.Out, cancel) ? 0 : 1;
}
