using Portal.AppHost.Local;

namespace Portal.AppHost.CommandLine;

/// <summary>The way to the Aspire engine, which is compiled only where the Aspire packages are.</summary>
internal static class AspireEntry
{
    /// <summary>Arguments that only Aspire knows; <c>aspire publish</c> and its like start this program with them.</summary>
    private static readonly string[] Known = ["--operation", "--publisher", "--step", "--output-path", "--list-steps"];

    /// <summary>Said where Aspire is wanted and not built in.</summary>
    public const string WhyNot =
        "this build has no Aspire: its packages could not be restored here when ./portal looked. Delete Aspire.found.props to look again, or force it with: dotnet run --project Portal.AppHost -p:UseAspire=true -- up --engine aspire";

#if ASPIRE
    public const bool IsBuiltIn = true;

    /// <summary>Whether the line is Aspire's own: its tools start this program with options and no command, or with nothing.</summary>
    public static bool IsFor(string[] args) => args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));

    public static Task<int> RunAsync(string[] args) => Aspire.AspireEngine.RunAsync(args, new UpOptions());

    public static Task<int> UpAsync(UpOptions options, StateFolder folder, TimeProvider clock) => Aspire.AspireEngine.UpAsync(options, folder, clock);
#else
    public const bool IsBuiltIn = false;

    public static bool IsFor(string[] args) => args.Length > 0 && Known.Contains(args[0].Split('=')[0]);

    public static async Task<int> RunAsync(string[] args)
    {
        await Console.Error.WriteLineAsync($"{args[0]} is Aspire's, and {WhyNot}");
        return PortalCommand.Misused;
    }

    public static Task<int> UpAsync(UpOptions options, StateFolder folder, TimeProvider clock) => throw new UsageException($"--engine aspire: {WhyNot}");
#endif
}
