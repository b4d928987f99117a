using System.Diagnostics;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A service that <c>./portal</c> knows nothing of, with the settings that somebody wrote for it. It ends with this process, also when that is killed.</summary>
internal sealed class HandmadeService : IAsyncDisposable
{
    // It reads from us until we are gone.
    private const string Script = """log=$1; shift; "$@" </dev/null >"$log" 2>&1 & child=$!; cat >/dev/null; kill -KILL $child""";

    private readonly Process _guard;

    private HandmadeService(Process guard, int port) => (_guard, Port) = (guard, port);

    public int Port { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="log">The file that its output goes to.</param>
    public static async Task<HandmadeService> StartAsync(string project, string log, IReadOnlyDictionary<string, string?> settings)
    {
        var port = FreePort.Next();
        var guard = Detached.Start(
            ["/bin/sh", "-c", Script, "guard", log, Repository.Dotnet, PortalProgram.Repository.Program(project)],
            PortalProgram.Repository.Root,
            new Dictionary<string, string?>(settings) { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" });
        guard.RedirectStandardInput = true;
        guard.RedirectStandardOutput = false;
        guard.RedirectStandardError = false;
        var service = new HandmadeService(Process.Start(guard)!, port);
        await Shell.EventuallyAsync(
            () => HealthProbe.IsReadyAsync($"http://127.0.0.1:{port}/health/ready", CancellationToken.None), $"{project} does not get ready; see {log}", TimeSpan.FromMinutes(1));
        return service;
    }

    /// <summary>Kills it and returns when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
