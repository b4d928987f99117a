using System.Diagnostics;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Bench;

/// <summary>A service as it is run: the release build, a process of its own.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Lines of its log that are shown when it does not get ready.</summary>
    private const int Lines = 30;

    private readonly Queue<string> log = new();
    private readonly ChildProcess child;

    private ServiceProcess(ProcessStartInfo start, Uri address)
    {
        Address = address;
        child = ChildProcess.Start(start, Keep);
    }

    public Uri Address { get; }

    public int Pid => child.Identity.Pid;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="project">Such as <c>Fleet.Aggregator</c>.</param>
    /// <param name="settings">Environment variables besides address and database.</param>
    public static async Task<ServiceProcess> StartAsync(string project, string connectionString, Dictionary<string, string> settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(BenchReport.Root, "artifacts", "bin", project, "release", $"{project}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Services that ask it about sessions don't start without an address of the API; where a run has none, nobody signs in.
        start.Environment["services__api__http__0"] = "http://127.0.0.1:1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ConnectionStrings__portal"] = connectionString;
        var process = new ServiceProcess(start, address);
        await process.ReadyAsync(project);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        child.Dispose();
    }

    private async Task ReadyAsync(string project)
    {
        using var client = new HttpClient { BaseAddress = Address };
        for (var from = TimeProvider.System.GetTimestamp(); !child.Exited.IsCompleted && TimeProvider.System.GetElapsedTime(from) < Patience; )
        {
            try
            {
                if ((await client.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        lock (log)
        {
            throw new InvalidOperationException($"{project} did not get ready:\n{string.Join('\n', log)}");
        }
    }

    private void Keep(string line)
    {
        lock (log)
        {
            log.Enqueue(line);
            if (log.Count > Lines)
            {
                log.Dequeue();
            }
        }
    }
}
