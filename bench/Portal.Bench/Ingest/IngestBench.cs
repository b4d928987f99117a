using System.CommandLine;
using System.Globalization;

namespace Portal.Bench.Ingest;

/// <summary>Meters' posts into a customer's stack: batches of 5,000 rows by one and two writers, and the same again (a replay).</summary>
internal sealed class IngestBench : Command
{
    private const int Devices = 1_000;
    private const int DevicesOfBatch = 100;
    private const int WarmUp = 160; // batches
    private const int Minutes = CopyReference.RowsOfCommit / DevicesOfBatch;

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };
    private readonly Option<int> batches = new("--batches") { Description = "Batches of 5,000 rows of each run.", DefaultValueFactory = _ => 120 };

    public IngestBench()
        : base("ingest", "Posts of meters into a customer's stack.")
    {
        Options.Add(database);
        Options.Add(batches);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database), parsed.GetValue(batches)));
    }

    private static async Task RunAsync(string? given, int batches)
    {
        var report = new BenchReport("ingest");
        await using var stack = await IngestStack.StartAsync(given, Devices);
        var start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-60);
        // A service runs for weeks: its code is compiled for speed before anything is measured, that for rows that are known too.
        var warm = Batches(start.AddDays(-10), WarmUp).ToList();
        await BatchesAsync(stack, warm, 2, Accepted(CopyReference.RowsOfCommit));
        await BatchesAsync(stack, warm[..(WarmUp / 4)], 2, "\"accepted\":0");
        await stack.RolledUpAsync();
        var before = await CopyReference.RunAsync(stack.ConnectionString, batches);

        var one = Batches(start, batches).ToList();
        var two = Batches(start.AddDays(20), batches).ToList();
        await RunAsync("1 writer, batches of 5,000", one, 1, Accepted(CopyReference.RowsOfCommit), 0.65);
        await RunAsync("2 writers, batches of 5,000", two, 2, Accepted(CopyReference.RowsOfCommit), 0.95, latency: true);
        await RunAsync("2 writers, every row a duplicate", two, 2, "\"accepted\":0", 0.9);
        await stack.StopApiAsync(); // what writing alone takes: TimescaleDB refreshes its own minutes later
        await RunAsync("2 writers without roll-ups", [.. Batches(start.AddDays(40), batches)], 2, Accepted(CopyReference.RowsOfCommit));
        await report.WriteAsync(stack.ConnectionString);

        async Task RunAsync(string what, List<byte[]> bodies, int writers, string expected, double? goal = null, bool latency = false)
        {
            var (rate, cpu, micros, waits) = await BatchesAsync(stack, bodies, writers, expected);
            // How fast this machine is changes within a minute: each run stands between two of the reference, which has the machine for itself.
            await stack.RolledUpAsync();
            var after = await CopyReference.RunAsync(stack.ConnectionString, batches);
            var ratio = rate / ((before + after) / 2);
            report.Add(what, Text($"{rate:N0} rows/s"));
            report.Add($"{what}: raw COPY before and after it", Text($"{before:N0} · {after:N0} rows/s"));
            report.Add($"{what}: ratio to raw COPY", Text($"{ratio:0.00}"), goal is null ? "" : BenchReport.Goal(Text($"≥ {goal}"), ratio >= goal));
            before = after;
            report.Add($"{what}: CPU of ingest, API and database", Text($"{micros:0.0} µs a row"));
            report.Add($"{what}: each of them, and the client", cpu);
            var acknowledged = BenchReport.Percentiles(waits); // sorts them
            report.Add($"{what}: acknowledged after", acknowledged, latency ? BenchReport.Goal("p95 < 60 ms", waits[(int)(0.95 * waits.Count)] < 60) : "");
        }
    }

    private static IEnumerable<byte[]> Batches(DateTime from, int count) =>
        Enumerable.Range(0, count).Select(batch => IngestStack.Post(batch % (Devices / DevicesOfBatch) * DevicesOfBatch, DevicesOfBatch, from.AddMinutes(batch / (Devices / DevicesOfBatch) * Minutes), Minutes));

    private static async Task<(double RowsPerSecond, string CpuOfEach, double MicrosPerRow, List<double> Waits)> BatchesAsync(IngestStack stack, List<byte[]> bodies, int writers, string expected)
    {
        var next = -1;
        var waits = new List<double>();
        var (cpu, from) = (CpuTime.Each(stack.Pids), TimeProvider.System.GetTimestamp());
        await Task.WhenAll(
            Enumerable.Range(0, writers).Select(async _ =>
            {
                while (Interlocked.Increment(ref next) is var index && index < bodies.Count)
                {
                    var wait = await stack.PostAsync(bodies[index], expected);
                    lock (waits)
                    {
                        waits.Add(wait);
                    }
                }
            })
        );
        var rows = (double)bodies.Count * CopyReference.RowsOfCommit;
        var seconds = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        var used = CpuTime.Each(stack.Pids);
        return (rows / seconds, CpuTime.PerRow(cpu, used, rows), (used[..^1].Sum() - cpu[..^1].Sum()) / rows * 1e6, waits);
    }

    private static string Accepted(int rows) => Text($"\"accepted\":{rows},");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
