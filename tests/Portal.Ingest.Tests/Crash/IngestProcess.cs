using System.Diagnostics;

namespace Portal.Ingest.Tests.Crash;

/// <summary>The built service as a process of its own, so that it can be killed.</summary>
internal sealed class IngestProcess : IDisposable
{
    private readonly Process process;

    private IngestProcess(Process process) => this.process = process;

    public static IngestProcess Start(int port, string database, IReadOnlyDictionary<string, string>? settings = null)
    {
        // artifacts/bin/Portal.Ingest.Tests/debug → artifacts/bin/Portal.Ingest/debug
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var service = Path.Combine(here.Parent!.Parent!.FullName, "Portal.Ingest", here.Name, "Portal.Ingest.dll");
        var start = new ProcessStartInfo("dotnet", [service]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ConnectionStrings__portal"] = database;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read, or it stops when the pipe is full
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new IngestProcess(process);
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
