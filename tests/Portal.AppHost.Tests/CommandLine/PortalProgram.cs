using System.Text;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.CommandLine;

/// <summary>Runs the built program with a state folder of its own, so that a developer's <c>.portal/</c> is never touched.</summary>
internal static class PortalProgram
{
    public static readonly Repository Repository = Repository.Find();

    /// <summary>Runs it to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string state, params string[] arguments) => RunAsync(state, [], arguments);

    /// <summary>Likewise, with variables of its environment.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string state, Dictionary<string, string?> variables, params string[] arguments)
    {
        var output = new StringBuilder();
        using var process = Start(state, line =>
        {
            lock (output) output.AppendLine(line);
        }, variables, arguments);
        var exitCode = await process.FinishedAsync(TimeSpan.FromSeconds(5)).WaitAsync(TimeSpan.FromMinutes(6));
        lock (output) return (exitCode, output.ToString().Trim());
    }

    /// <summary>Starts it and returns at once.</summary>
    public static ChildProcess Start(string state, Action<string> line, params string[] arguments) => Start(state, line, [], arguments);

    private static ChildProcess Start(string state, Action<string> line, Dictionary<string, string?> variables, string[] arguments) => ChildProcess.Start(
        Detached.Start(
            ["/bin/sh", "-c", "exec \"$@\" </dev/null", "portal", Repository.Dotnet, Repository.Program("Portal.AppHost"), .. arguments],
            Repository.Root,
            new Dictionary<string, string?>(variables)
            {
                ["PORTAL_STATE"] = state,
                ["NO_COLOR"] = "1",
                ["PORTAL_DATABASE"] = null,
                ["PORTAL_ADMIN_PASSWORD"] = null,
                ["PORTAL_GRAFANA"] = "none",
                // The stacks' services get it from us: small batches, so that a push is under way for a while and can be interrupted.
                ["FleetIngest__BatchSize"] = "100",
            }),
        line);
}
