using Portal.AppHost.Processes;

namespace Portal.AppHost.CommandLine;

/// <summary>Which engine runs the stacks.</summary>
internal static class EngineChoice
{
    public const string Aspire = "aspire";
    public const string Local = "local";

    /// <summary>What <c>--engine</c> means on this machine.</summary>
    /// <exception cref="UsageException">Aspire was asked for and can't be had; says why.</exception>
    public static async Task<string> ResolveAsync(string asked, UpOptions options, CancellationToken cancel)
    {
        if (asked == Local || (asked == "auto" && !AspireEntry.IsBuiltIn)) return Local;
        if (asked == Aspire && !AspireEntry.IsBuiltIn) throw new UsageException($"--engine aspire: {AspireEntry.WhyNot}");
        if (asked == Aspire && options.Database is not null) throw new UsageException("--database goes with --engine local; Aspire runs its own TimescaleDB container.");
        var runs = options.Database is null && await HasContainersAsync(cancel);
        if (asked == Aspire && !runs) throw new UsageException("--engine aspire needs a running Docker or Podman. Start it, or use --engine local.");
        return runs ? Aspire : Local;
    }

    private static async Task<bool> HasContainersAsync(CancellationToken cancel)
    {
        foreach (var runtime in (string[])["docker", "podman"])
            if (Command.Find(runtime) is { } program && (await Command.RunAsync([program, "info"], TimeSpan.FromSeconds(10), cancel)).Succeeded) return true;
        return false;
    }
}
