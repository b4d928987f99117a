using System.CommandLine;
using System.Globalization;

namespace Portal.Bench.Gateway;

/// <summary>
/// What the gateway costs against nginx as reverse proxy, both before the same backend (another nginx, which answers a kilobyte from memory), in
/// turns within one run. Turns are short and many, and another way begins each round: how fast one is depends on the cores that its connections
/// happen to get. Each figure is the median of its turns.
/// </summary>
internal sealed class GatewayBench : Command
{
    private const int Busy = 32; // connections
    private const string Installed = "/usr/sbin/nginx"; // which isn't on everybody's PATH

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(8); // the gateway is compiled as it runs

    private readonly Option<string?> nginx = new("--nginx") { Description = "Path of nginx; without it the one on PATH (Debian: apt-get install nginx-light)." };
    private readonly Option<int> rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 40 };
    private readonly Option<double> seconds = new("--seconds") { Description = "How long each time.", DefaultValueFactory = _ => 0.5 };

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
        await using var backend = await Nginx.BackendAsync(program);
        await using var proxy = await Nginx.BeforeAsync(program, backend.Port);
        await using var gateway = await GatewayProcess.BeforeAsync(backend.Port);
        Way[] ways = [new("direct", backend.Port, backend.Pid), new("nginx", proxy.Port, proxy.Pid), new("gateway", gateway.Port, gateway.Pid)];
        foreach (var way in ways) await Load.RunAsync(way.Port, Busy, Warming);

        for (var round = 0; round < rounds; round++)
        {
            foreach (var way in ways.Skip(round % ways.Length).Concat(ways.Take(round % ways.Length)))
            {
                way.Alone.Add(await Load.RunAsync(way.Port, 1, time));
                var cpu = CpuTime.Of(way.Pid);
                way.Busy.Add(await Load.RunAsync(way.Port, Busy, time));
                way.Cpu += CpuTime.Of(way.Pid) - cpu;
            }
        }

        Report(report, ways);
        await report.WriteWithoutDatabaseAsync(Text($"nginx {await Nginx.VersionAsync(program)}. Client, proxies and backend share the cores."));
    }

    private static void Report(BenchReport report, Way[] ways)
    {
        foreach (var way in ways)
        {
            report.Add(Text($"{way.Name}, one connection"), Text($"p50 {way.Alone.Median(run => run.At(0.5)):0.000} · p99 {way.Alone.Median(run => run.At(0.99)):0.000} ms"));
            report.Add(
                Text($"{way.Name}, {Busy} connections"),
                Text($"{way.Busy.Median(run => run.PerSecond):N0} requests/s, p50 {way.Busy.Median(run => run.At(0.5)):0.00} · p99 {way.Busy.Median(run => run.At(0.99)):0.00} ms"));
        }

        var (direct, nginx, gateway) = (ways[0], ways[1], ways[2]);
        foreach (var (name, part) in ((string, double)[])[("p50", 0.5), ("p99", 0.99)])
        {
            double Of(Way way) => way.Alone.Median(run => run.At(part));
            var ratio = Of(gateway) / Of(nginx);
            report.Add(Text($"latency {name}, gateway to nginx, one connection"), Text($"{ratio:0.00} ×"), BenchReport.Goal("≤ 1.3", ratio <= 1.3));
            report.Add(Text($"the same of what each adds to the backend's own"), Text($"{(Of(gateway) - Of(direct)) / (Of(nginx) - Of(direct)):0.00} ×"));
        }

        var throughput = gateway.Busy.Median(run => run.PerSecond) / nginx.Busy.Median(run => run.PerSecond);
        report.Add("throughput, gateway to nginx", Text($"{throughput:0.00} ×"), BenchReport.Goal("≥ 0.7", throughput >= 0.7));
        report.Add(Text($"CPU a request, {Busy} connections"), Text($"backend {direct.CpuEach:0.0} µs, nginx {nginx.CpuEach:0.0} µs, gateway {gateway.CpuEach:0.0} µs"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One way to the backend's answer, with its runs so far.</summary>
    private sealed record Way(string Name, int Port, int Pid)
    {
        public List<Load> Alone { get; } = [];

        public List<Load> Busy { get; } = [];

        /// <summary>Seconds of a core that its process took while it was busy.</summary>
        public double Cpu { get; set; }

        /// <summary>The same by request, in µs.</summary>
        public double CpuEach => Cpu / Busy.Sum(run => run.Count) * 1e6;
    }
}
