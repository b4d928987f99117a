using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>
/// The whole product as <c>./portal up</c> starts it, with a state folder and a port of its own. It goes away with this
/// process, also when that is killed.
/// </summary>
public class RunningPortal : IAsyncDisposable
{
    // It reads from us until we are gone; then it stops what runs and deletes the folder, wherever the database's files are.
    private const string Script = """exec >/dev/null 2>&1; cat; state=$1; shift; PORTAL_STATE=$state "$@" reset --yes; rm -rf "$state" """;

    private readonly Process _guard;

    public RunningPortal()
    {
        Folder = Directory.CreateTempSubdirectory("tau-test-up-").FullName;
        // The database's user has to get through.
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var guard = Detached.Start(["/bin/sh", "-c", Script, "guard", Folder, Repository.Dotnet, PortalProgram.Repository.Program("Portal.AppHost")]);
        guard.RedirectStandardInput = true;
        guard.RedirectStandardOutput = false;
        guard.RedirectStandardError = false;
        _guard = Process.Start(guard)!;
    }

    /// <summary>Its state folder.</summary>
    public string Folder { get; }

    /// <summary>The gateway's port.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary><c>./portal up --detach</c>.</summary>
    /// <param name="variables">What the stacks' services get besides.</param>
    public Task<(int ExitCode, string Output)> UpAsync(int customers, Dictionary<string, string?>? variables = null) => PortalProgram.RunAsync(
        Folder, variables ?? [], "up", "--engine", "local", "--detach", "--no-simulator", "--customers", $"{customers}", "--port", $"{Port}");

    /// <summary>Any other command of <c>./portal</c>.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => PortalProgram.RunAsync(Folder, arguments);

    /// <summary>What <c>./portal status --json</c> says.</summary>
    public async Task<JsonNode> StatusAsync() => JsonNode.Parse((await RunAsync("status", "--json")).Output)!;

    /// <summary>Kills processes at the same moment and waits until others have taken their places and are ready.</summary>
    public async Task KillAsync(params Func<JsonNode, JsonNode>[] which)
    {
        var status = await StatusAsync();
        var pids = which.Select(one => (int)one(status)["pid"]!).ToArray();
        foreach (var pid in pids) Signal.Send(pid, Signal.Kill);
        await Shell.EventuallyAsync(
            async () =>
            {
                status = await StatusAsync();
                return which.All(one => (string?)one(status)["state"] == "ready" && !pids.Contains((int)one(status)["pid"]!));
            },
            $"not all of the processes {string.Join(", ", pids)} came back", TimeSpan.FromMinutes(2));
    }

    /// <summary>The ids of every process that runs for the stacks, the database's first.</summary>
    public static int[] Pids(JsonNode status) =>
    [
        (int)status["database"]!["pid"]!,
        (int)status["gateway"]!["pid"]!,
        .. status["stacks"]!.AsArray().SelectMany(stack => stack!["services"]!.AsArray()).Select(service => (int)service!["pid"]!),
    ];

    /// <summary>One service of one stack.</summary>
    public static JsonNode Service(JsonNode status, string stack, string service) =>
        status["stacks"]!.AsArray().Single(found => (string?)found!["code"] == stack)!["services"]!.AsArray().Single(found => (string?)found!["name"] == service)!;

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        GC.SuppressFinalize(this);
    }
}
