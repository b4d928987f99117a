using Portal.AppHost.Processes;

namespace Portal.AppHost.Operations;

/// <summary>The Docker of this host.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="UsageException">There is none, or it does not answer; says what to do.</exception>
    public static async Task RequireAsync(CancellationToken cancel)
    {
        if (Command.Find("docker") is null) throw new UsageException("docker was not found on PATH; nothing was changed. Install Docker Engine and run the same command again.");
        var asked = await Command.RunAsync(["docker", "version", "--format", "{{.Server.Version}}"], Patience, cancel);
        if (!asked.Succeeded) throw new UsageException($"Docker does not answer; nothing was changed. Start it, or let this account use it (group docker):\n{asked.Output}");
    }
}
