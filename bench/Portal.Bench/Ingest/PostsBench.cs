using System.CommandLine;
using System.Globalization;

namespace Portal.Bench.Ingest;

/// <summary>Single posts of one reading of a thousand meters, each of which posts its next one as soon as the one before is acknowledged.</summary>
internal sealed class PostsBench : Command
{
    private const int Meters = 1_000;

    /// <summary>Posts of a meter a second, where they are paced: 4,000 of all.</summary>
    private const int PerMeter = 4;

    /// <summary>Posts of each meter that are not measured: a service runs for weeks, its code is compiled for speed.</summary>
    private const int WarmUp = 10;

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };
    private readonly Option<int> posts = new("--posts") { Description = "Single readings of each of a thousand meters.", DefaultValueFactory = _ => 60 };

    public PostsBench()
        : base("posts", "Single readings of a thousand meters.")
    {
        Options.Add(database);
        Options.Add(posts);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database), parsed.GetValue(posts)));
    }

    private static async Task RunAsync(string? given, int posts)
    {
        var report = new BenchReport("posts");
        await using var stack = await IngestStack.StartAsync(given, Meters);
        var start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-1);
        await PostAsync(stack, start, WarmUp);
        var (cpu, from) = (CpuTime.Of(stack.Pids), TimeProvider.System.GetTimestamp());
        var waits = await PostAsync(stack, start.AddMinutes(WarmUp), posts);
        var rate = waits.Count / TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        report.Add("single readings of 1,000 meters at once", Text($"{rate:N0} posts/s"), BenchReport.Goal("≥ 4,000", rate >= 4_000));
        report.Add("CPU of ingest, API and database", Text($"{(CpuTime.Of(stack.Pids) - cpu) / waits.Count * 1e6:0} µs a post"));
        var figure = BenchReport.Percentiles(waits); // sorts them
        report.Add("acknowledged after, without a pause", figure, BenchReport.Goal("p99 < 100 ms", waits[(int)(0.99 * waits.Count)] < 100));
        var paced = await PacedAsync(stack, start.AddMinutes(WarmUp + posts), posts);
        var pacedFigure = BenchReport.Percentiles(paced);
        report.Add(Text($"acknowledged after, at {Meters * PerMeter:N0} posts/s"), pacedFigure, BenchReport.Goal("p99 < 100 ms", paced[(int)(0.99 * paced.Count)] < 100));
        await report.WriteAsync(stack.ConnectionString);
    }

    // Each meter four times a second, evenly, whether the one before is acknowledged or not. Without a pace the wait is the number of meters by the rate.
    private static async Task<List<double>> PacedAsync(IngestStack stack, DateTime start, int posts)
    {
        var bodies = Enumerable.Range(0, posts).SelectMany(post => Enumerable.Range(0, Meters).Select(meter => IngestStack.Post(meter, 1, start.AddMinutes(post), 1))).ToList();
        var (waits, under) = (new List<double>(), new List<Task>());
        var from = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < bodies.Count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / (Meters * PerMeter)) - TimeProvider.System.GetElapsedTime(from);
            if (due > TimeSpan.FromMilliseconds(2))
            {
                await Task.Delay(due, TimeProvider.System);
            }

            under.Add(SendAsync(bodies[i]));
        }

        await Task.WhenAll(under);
        return waits;

        async Task SendAsync(byte[] body)
        {
            var wait = await stack.PostAsync(body, "\"accepted\":1,");
            lock (waits)
            {
                waits.Add(wait);
            }
        }
    }

    private static async Task<List<double>> PostAsync(IngestStack stack, DateTime start, int posts)
    {
        var bodies = Enumerable.Range(0, Meters).Select(meter => Enumerable.Range(0, posts).Select(post => IngestStack.Post(meter, 1, start.AddMinutes(post), 1)).ToList()).ToList();
        var waits = await Task.WhenAll(
            bodies.Select(async own =>
            {
                var some = new List<double>();
                foreach (var body in own)
                {
                    some.Add(await stack.PostAsync(body, "\"accepted\":1,"));
                }

                return some;
            })
        );
        return [.. waits.SelectMany(some => some)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
