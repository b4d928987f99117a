using System.CommandLine;
using System.Globalization;

namespace Portal.Bench.Fleet;

/// <summary>
/// Many customers push into the aggregator: at once and without a pause, against bare COPY; and as thousands of them do, a row a device and minute.
/// </summary>
internal sealed class FleetBench : Command
{
    /// <summary>Batches that are not measured: with 160 a third of the aggregator's time in the measured ones was still the compiler's.</summary>
    private const int WarmUp = 480;

    private static readonly Dictionary<string, string> Unlimited = new() { ["Push__RowsPerMinute"] = "1000000000", ["Push__BatchesPerMinute"] = "1000000" };

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };
    private readonly Option<int> customers = new("--customers") { Description = "Customers that push at once, without a pause.", DefaultValueFactory = _ => 8 };
    private readonly Option<int> batches = new("--batches") { Description = "Batches of 5,000 rows that each of them pushes.", DefaultValueFactory = _ => 40 };
    private readonly Option<int> many = new("--many") { Description = "Customers with ten devices that push a row of each a minute.", DefaultValueFactory = _ => 10_000 };
    private readonly Option<int> minutes = new("--minutes") { Description = "How many minutes of that.", DefaultValueFactory = _ => 2 };

    public FleetBench()
        : base("fleet", "The push of many customers into the aggregator.")
    {
        Options.Add(database);
        Options.Add(customers);
        Options.Add(batches);
        Options.Add(many);
        Options.Add(minutes);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task RunAsync(ParseResult parsed)
    {
        var report = new BenchReport("fleet");
        await using var database = await BenchDatabase.CreateAsync(parsed.GetValue(this.database), "fleet");
        await using var aggregator = await ServiceProcess.StartAsync("Fleet.Aggregator", database.ConnectionString, Unlimited);
        int[] pids = [aggregator.Pid, .. database.ServerPid is { } server ? (int[])[server] : []];
        using var client = new HttpClient { BaseAddress = aggregator.Address };

        await AtOnceAsync(report, database, client, pids, parsed.GetValue(customers), parsed.GetValue(batches));
        await EveryMinuteAsync(report, database, client, pids, parsed.GetValue(many), parsed.GetValue(minutes));
        await report.WriteAsync(database.ConnectionString);
    }

    private static async Task AtOnceAsync(BenchReport report, BenchDatabase database, HttpClient client, int[] pids, int count, int batches)
    {
        const int devices = 100;
        const int minutes = CopyReference.RowsOfCommit / devices;
        var customers = await Customers.RegisterAsync(database.ConnectionString, "BUSY", count, devices);
        var start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-batches * minutes / 1440.0 - 1);
        var work = customers.Select(customer => (Customer: customer, Batches: Enumerable.Range(0, batches).Select(batch => customer.Batch(start.AddMinutes(batch * minutes), minutes)).ToList())).ToList();
        // A service runs for weeks: its code is compiled for speed, and so is ours, before anything is measured.
        await Task.WhenAll(customers.Select(async customer =>
        {
            for (var batch = 0; batch < WarmUp / count; batch++)
            {
                await customer.PushAsync(client, customer.Batch(start.AddDays(-10).AddMinutes(batch * minutes), minutes));
            }
        }));

        var before = await CopyReference.RunAsync(database.ConnectionString, count * batches / 2);
        var (cpu, from) = (CpuTime.Each(pids), TimeProvider.System.GetTimestamp());
        var waits = (await Task.WhenAll(work.Select(async one =>
        {
            var own = new List<double>();
            foreach (var batch in one.Batches)
            {
                own.Add(await one.Customer.PushAsync(client, batch));
            }

            return own;
        }))).SelectMany(own => own).ToList();
        var seconds = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        var used = CpuTime.Each(pids);
        var after = await CopyReference.RunAsync(database.ConnectionString, count * batches / 2);

        var rows = (double)count * batches * CopyReference.RowsOfCommit;
        var reference = (before + after) / 2;
        report.Add("raw COPY in the same run, before and after", Text($"{before:N0} · {after:N0} rows/s"));
        report.Add(Text($"{count} customers at once, batches of 5,000 rows"), Text($"{rows / seconds:N0} rows/s"));
        report.Add("ratio to raw COPY", Text($"{rows / seconds / reference:0.00}"), BenchReport.Goal("≥ 0.9", rows / seconds / reference >= 0.9));
        report.Add("CPU of aggregator and database", Text($"{(used[..^1].Sum() - cpu[..^1].Sum()) / rows * 1e6:0.0} µs a row"));
        report.Add("each of them, and the client", CpuTime.PerRow(cpu, used, rows));
        report.Add("from sending a batch to its acknowledgement", BenchReport.Percentiles(waits));
    }

    private static async Task EveryMinuteAsync(BenchReport report, BenchDatabase database, HttpClient client, int[] pids, int count, int minutes)
    {
        const int devices = 10;
        var customers = await Customers.RegisterAsync(database.ConnectionString, "MANY", count, devices);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var first = new DateTime(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, DateTimeKind.Utc).AddMinutes(-minutes);
        var bodies = Enumerable.Range(0, minutes).Select(minute => customers.Select(customer => customer.Batch(first.AddMinutes(minute), 1)).ToList()).ToList();

        var waits = new List<double>();
        var under = new List<Task>();
        // A service runs for weeks: its code is compiled for speed before anything is measured, that for small batches too.
        var warm = customers.Take(count / 4).Select(customer => customer.Batch(first.AddMinutes(-1), 1)).ToList();
        await MinuteAsync(warm);
        await Task.WhenAll(under);
        waits.Clear();
        var (cpu, from) = (CpuTime.Of(pids), TimeProvider.System.GetTimestamp());
        foreach (var minute in bodies)
        {
            await MinuteAsync(minute);
        }

        await Task.WhenAll(under);
        var seconds = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        var used = CpuTime.Of(pids) - cpu;
        var ofOneCore = used / seconds;
        report.Add(Text($"{count:N0} customers × {devices} devices × 1/min"), Text($"{(double)count * devices * minutes / seconds:N0} rows/s"));
        report.Add("of one core, aggregator and database", Text($"{ofOneCore:P0}"), BenchReport.Goal("< 20 %", ofOneCore < 0.2));
        report.Add("from sending a row to its acknowledgement (lag)", BenchReport.Percentiles(waits));

        // Evenly over the minute, whether the ones before are answered or not.
        async Task MinuteAsync(List<ByteArrayContent> minute)
        {
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < minute.Count; i++)
            {
                under.Add(PushAsync(customers[i], minute[i]));
                var due = TimeSpan.FromMinutes((i + 1.0) / count) - TimeProvider.System.GetElapsedTime(start);
                if (due > TimeSpan.FromMilliseconds(2))
                {
                    await Task.Delay(due, TimeProvider.System);
                }
            }
        }

        async Task PushAsync(SimulatedCustomer customer, ByteArrayContent body)
        {
            var wait = await customer.PushAsync(client, body);
            lock (waits)
            {
                waits.Add(wait);
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
