using System.Diagnostics;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Bench.Fleet;

/// <summary>The aggregator as it is run, on a database and with limits that let a benchmark through.</summary>
internal sealed class AggregatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess child;

    private AggregatorProcess(ChildProcess child, Uri address) => (this.child, Address) = (child, address);

    public Uri Address { get; }

    public int Pid => child.Identity.Pid;

    public static async Task<AggregatorProcess> StartAsync(string root, string connectionString)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(root, "artifacts", "bin", "Fleet.Aggregator", "release", "Fleet.Aggregator.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__portal"] = connectionString,
            ["Push__RowsPerMinute"] = "1000000000",
            ["Push__BatchesPerMinute"] = "1000000",
            ["Serilog__MinimumLevel__Default"] = "Warning",
            ["Logging__LogLevel__Default"] = "Warning",
        })
        {
            start.Environment[name] = value;
        }

        var process = new AggregatorProcess(ChildProcess.Start(start, Console.Error.WriteLine), address);
        await process.ReadyAsync();
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        child.Dispose();
    }

    private async Task ReadyAsync()
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

        throw new InvalidOperationException("The aggregator did not get ready; what it said is above.");
    }
}
