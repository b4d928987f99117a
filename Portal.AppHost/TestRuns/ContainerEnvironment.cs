using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.TestRuns;

/// <summary>
/// The Docker engine and the images that tests of published stacks run on: <c>tests/containers/environment</c>. Where the machine can't have them
/// the tests are skipped, with the reason.
/// </summary>
internal sealed class ContainerEnvironment(Repository repository, Action<string> tell)
{
    /// <summary>Why there is no engine; the tests say it.</summary>
    public const string ReasonVariable = "PORTAL_TEST_NO_CONTAINERS";

    /// <summary>The network that stacks may share, and thereby that there is an engine.</summary>
    public const string EdgeSubnetVariable = "PORTAL_EDGE_SUBNET";

    // The script's own: this machine can't.
    private const int CannotBe = 3;

    private string Script => Path.Combine(repository.Root, "tests", "containers", "environment");

    /// <summary>Why containers were not tried; null where they are.</summary>
    public string? NotTried { get; private set; }

    /// <summary>Starts it, and tells the processes that this one starts where it is.</summary>
    /// <returns>Whether the tests can run: also where containers can't be, since they say so themselves.</returns>
    public async Task<bool> UpAsync(CancellationToken cancel)
    {
        var last = "";
        var exitCode = await Command.StreamAsync(
            ["bash", Script, "up", "--owner", $"{Environment.ProcessId}"], repository.Root,
            line =>
            {
                tell(line);
                if (line.Trim() is { Length: > 0 } said) last = said;
                if (line.Split('=', 2) is [("DOCKER_HOST" or EdgeSubnetVariable) and var name, var value]) Environment.SetEnvironmentVariable(name, value);
            },
            cancel);
        if (exitCode == 0) return true;
        if (exitCode != CannotBe) return false;
        NotTried = last;
        Environment.SetEnvironmentVariable(ReasonVariable, $"Containers were not tried: {last}");
        return true;
    }

    /// <summary>Ends what <see cref="UpAsync"/> started, and leaves an engine of the machine's alone.</summary>
    public Task DownAsync() => Command.RunAsync(["bash", Script, "down"], TimeSpan.FromMinutes(2), CancellationToken.None);
}
