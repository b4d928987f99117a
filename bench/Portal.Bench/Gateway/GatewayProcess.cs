using System.Diagnostics;
using System.Text.Json;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.Bench.Gateway;

/// <summary>The gateway as it is run, with one stack.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    public const string Host = "bench.localhost";

    private readonly ChildProcess child;
    private readonly string routes;

    private GatewayProcess(ChildProcess child, string routes, int port) => (this.child, this.routes, Port) = (child, routes, port);

    public int Port { get; }

    public int Pid => child.Identity.Pid;

    public static Task<GatewayProcess> BeforeAsync(int backend)
    {
        var address = new Uri($"http://127.0.0.1:{backend}");
        return StartAsync(new() { ["api"] = address, ["ingest"] = address, ["web"] = address });
    }

    /// <param name="services">Addresses by name of the service.</param>
    public static async Task<GatewayProcess> StartAsync(Dictionary<string, Uri> services)
    {
        var routes = Directory.CreateTempSubdirectory("tau-bench-routes-").FullName;
        var file = new { host = Host, services = services.ToDictionary(service => service.Key, service => new[] { service.Value.ToString().TrimEnd('/') }) };
        await File.WriteAllTextAsync(Path.Combine(routes, "bench.json"), JsonSerializer.Serialize(file));
        var (port, status) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(BenchReport.Root, "artifacts", "bin", "Portal.Gateway", "release", "Portal.Gateway.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port};http://127.0.0.1:{status}";
        start.Environment["Gateway__RoutesPath"] = routes;
        start.Environment["Gateway__StatusPort"] = $"{status}";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var gateway = new GatewayProcess(ChildProcess.Start(start, Console.Error.WriteLine), routes, port);
        await Started.AnswersAsync(gateway.child, $"http://127.0.0.1:{status}/health/ready", "The gateway");
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
        child.Dispose();
        Directory.Delete(routes, recursive: true);
    }
}
