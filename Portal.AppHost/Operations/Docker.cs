namespace Portal.AppHost.Operations;

/// <summary>The Docker of this host.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="UsageException">There is none, or it does not answer; says what to do.</exception>
    public static async Task RequireAsync(Toolbox tools, CancellationToken cancel)
    {
        if (!tools.Has("docker")) throw new UsageException("docker was not found on PATH; nothing was changed. Install Docker Engine and run the same command again.");
        var asked = await tools.RunAsync(new(["docker", "version", "--format", "{{.Server.Version}}"]) { Limit = Patience }, cancel);
        if (!asked.Succeeded) throw new UsageException($"Docker does not answer; nothing was changed. Start it, or let this account use it (group docker):\n{asked.Said}");
    }
}
