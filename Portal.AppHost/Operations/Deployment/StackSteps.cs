using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations.Checks;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>Steps that several plans have in common.</summary>
internal sealed class StackSteps(Repository repository, PublicAddress address, TextWriter output, TimeProvider clock)
{
    // A cold start migrates first; a slow disk takes its time for a first database.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Writes manifests, or says what would change.</summary>
    /// <returns>What changes, line by line.</returns>
    public async Task<IReadOnlyList<string>> PublishAsync(PublishOptions options, CancellationToken cancel)
    {
        using var said = new StringWriter();
        await new PublishedDirectory(options, said).WriteAsync(StackPublication.Of(options, repository.Root), cancel);
        return said.ToString().TrimEnd('\n').Split('\n');
    }

    /// <summary>Waits until a stack is healthy, for ten minutes.</summary>
    public static Task WaitAsync(StackHost host, CancellationToken cancel) => host.WaitUntilHealthyAsync(Patience, cancel);

    /// <summary>Runs every check of <c>./portal verify</c>.</summary>
    /// <exception cref="StepFailedException">One failed.</exception>
    public async Task VerifyAsync(string directory, StackHost host, CancellationToken cancel)
    {
        await output.WriteLineAsync();
        if (!await new Verification(DeployedStack.Open(directory), host, address, clock).RunAsync(output, cancel))
            throw new StepFailedException("Checks failed; each says above what to do.", $"./portal verify --directory {directory} looks again.");
    }
}
