using System.CommandLine;
using System.Globalization;

namespace Portal.Bench.Gateway;

/// <summary>
/// What the gateway costs against nginx as reverse proxy, both before the same backend (nginx again, which answers a kilobyte from memory), in
/// turns within one run. Each figure is the median of its rounds.
/// </summary>
internal sealed class GatewayBench : Command
{
    private const int Busy = 32; // connections
    private const string Installed = "/usr/sbin/nginx"; // which isn't on everybody's PATH

    private readonly Option<string?> nginx = new("--nginx") { Description = "Path of nginx; without it the one on PATH (Debian: apt-get install nginx-light)." };
    private readonly Option<int> rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 7 };
    private readonly Option<int> seconds = new("--seconds") { Description = "How long each time.", DefaultValueFactory = _ => 4 };

    public GatewayBench()
        : base("gateway", "The gateway's added latency and its throughput against nginx.")
    {
        Options.Add(nginx);
        Options.Add(rounds);
        Options.Add(seconds);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(nginx), parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
    }

    private static async Task RunAsync(string? given, int rounds, TimeSpan time)
    {
        var program = given ?? (File.Exists(Installed) ? Installed : AppHost.Processes.Command.Find("nginx")) ?? throw new InvalidOperationException("There is no nginx: apt-get install nginx-light, or --nginx PATH.");
        var report = new BenchReport("gateway");
        await using var proxies = await Nginx.StartAsync(program);
        await using var gateway = await GatewayProcess.BeforeAsync(proxies.Backend);
        (string Name, int Port)[] ways = [("direct", proxies.Backend), ("nginx", proxies.Proxy), ("gateway", gateway.Port)];
        foreach (var (_, port) in ways) await Load.RunAsync(port, Busy, TimeSpan.FromSeconds(3)); // warm: the gateway is compiled as it runs

        var alone = await InTurnsAsync(ways, 1, rounds, time);
        var busy = await InTurnsAsync(ways, Busy, rounds, time);
        foreach (var (name, _) in ways)
        {
            report.Add(Text($"{name}, one connection"), Text($"p50 {alone[name].Median(run => run.At(0.5)):0.000} · p99 {alone[name].Median(run => run.At(0.99)):0.000} ms"));
            report.Add(
                Text($"{name}, {Busy} connections"),
                Text($"{busy[name].Median(run => run.PerSecond):N0} requests/s, p50 {busy[name].Median(run => run.At(0.5)):0.00} · p99 {busy[name].Median(run => run.At(0.99)):0.00} ms"));
        }

        foreach (var (name, part) in ((string, double)[])[("p50", 0.5), ("p99", 0.99)])
        {
            double Of(string way) => alone[way].Median(run => run.At(part));
            var ratio = Of("gateway") / Of("nginx");
            report.Add(Text($"latency {name}, gateway to nginx, one connection"), Text($"{ratio:0.00} ×"), BenchReport.Goal("≤ 1.3", ratio <= 1.3));
            report.Add(Text($"the same of what each adds to the backend's own"), Text($"{(Of("gateway") - Of("direct")) / (Of("nginx") - Of("direct")):0.00} ×"));
        }

        var throughput = busy["gateway"].Median(run => run.PerSecond) / busy["nginx"].Median(run => run.PerSecond);
        report.Add("throughput, gateway to nginx", Text($"{throughput:0.00} ×"), BenchReport.Goal("≥ 0.7", throughput >= 0.7));
        await report.WriteWithoutDatabaseAsync(Text($"nginx {proxies.Version}. Client, proxies and backend share the cores."));
    }

    private static async Task<Dictionary<string, List<Load>>> InTurnsAsync((string Name, int Port)[] ways, int connections, int rounds, TimeSpan time)
    {
        var runs = ways.ToDictionary(way => way.Name, _ => new List<Load>());
        for (var round = 0; round < rounds; round++)
            foreach (var (name, port) in ways) runs[name].Add(await Load.RunAsync(port, connections, time));
        return runs;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
