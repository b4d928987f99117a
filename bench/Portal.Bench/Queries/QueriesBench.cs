using System.CommandLine;
using System.Globalization;
using Npgsql;
using Portal.Data.TimeSeries.Gathering;
using Portal.TimeSeries;
using Portal.TimeSeries.Engines;

namespace Portal.Bench.Queries;

/// <summary>What people look at, over a month of full rows by the minute: a device's newest rows and curves, the operators' dashboard; and how roll-ups follow.</summary>
internal sealed class QueriesBench : Command
{
    private const int Days = 30;
    private const int DevicesOfCustomer = 10;

    /// <summary>
    /// So long each question is asked before it counts: a service that has just started compiles once more what it runs thirty times, and takes a
    /// core for it. What its first answers take is told beside.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>So long it counts at least: what the database and the service do every few seconds is in the figure.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };
    private readonly Option<int> devices = new("--devices") { Description = "Devices with a month by the minute, 43,200 rows each, in a customer's stack and again in the fleet.", DefaultValueFactory = _ => 50 };
    private readonly Option<bool> full = new("--full") { Description = "1,000 devices: 43 million rows of either. Takes about a quarter of an hour and 30 GB." };

    public QueriesBench()
        : base("queries", "What people look at, and how roll-ups follow.")
    {
        Options.Add(database);
        Options.Add(devices);
        Options.Add(full);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database), parsed.GetValue(full) ? 1_000 : parsed.GetValue(devices)));
    }

    private static async Task RunAsync(string? given, int devices)
    {
        var report = new BenchReport("queries");
        report.Add("devices × 30 days × 1 min, in a stack and in the fleet", Text($"{devices:N0}: {devices * Days * 1440L:N0} rows"));
        await using (var stack = await BenchDatabase.CreateAsync(given, "queries"))
        {
            await StackAsync(report, stack.ConnectionString, devices);
        }

        await using var fleet = await BenchDatabase.CreateAsync(given, "dashboard");
        await FleetAsync(report, fleet.ConnectionString, devices);
        await report.WriteAsync(fleet.ConnectionString);
    }

    private static async Task StackAsync(BenchReport report, string connectionString, int devices)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        var series = new FilledSeries(dataSource, "monitoring");
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var from = today.AddDays(-Days);
        await using (var api = await SignedInApi.StartAsync(connectionString, gathers: false))
        {
            await series.ExecuteAsync("""INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES (gen_random_uuid(), 'Bench', 'UTC', now())""");
            await series.ExecuteAsync(
                """
                INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
                SELECT "Id", 'Meter ' || d, 'BENCH' || d, 'Main', now() FROM monitoring."Sites" CROSS JOIN generate_series(1, $1) AS d
                """,
                devices
            );
            await FillAsync(report, series, today);
            await GatherAsync(report, dataSource, series);
            var range = Text($"from={from:yyyy-MM-dd}T00:00:00Z&to={today:yyyy-MM-dd}T00:00:00Z");
            var first = await AskAsync("last 50 measurements of a device", 2, device => $"/api/devices/{device}/measurements?limit=50");
            report.Add("the first 100 of them, while the service compiles what it runs", BenchReport.Percentiles(first));
            await AskAsync("a device's 30 days, hourly means of power", 10, device => $"/api/charts/devices/{device}?{range}&points=720&registers=activePowerKw");
            await AskAsync("a device's 30 days of raw minutes for a screen of 1,000", 50, device => $"/api/charts/devices/{device}?{range}&points=1000&registers=voltage1V");

            Task<List<double>> AskAsync(string what, double goal, Func<int, string> path) => QueriesBench.AskAsync(report, api.Client, what, goal, run => path(1 + (run * 7 % devices)));
        }

        // Nobody else refreshes now.
        var layout = new SeriesLayout("monitoring", HasCustomers: false, TimeSpan.FromDays(1), new SeriesLocks(1, 2, 3), typeof(QueriesBench).Assembly);
        ITimeSeries refresh = await series.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')")
            ? new TimescaleTimeSeries(layout, dataSource, TimeProvider.System)
            : new PostgresTimeSeries(layout, dataSource, TimeProvider.System);
        await RefreshAsync("roll-ups after a new row of every device", today);
        await RefreshAsync("roll-ups after a late row of every device, three days old", today.AddDays(-3).AddSeconds(30));
        report.Add("stored bytes a row of 20 values", Text($"{await series.BytesPerRowAsync():0.0}"), "≤ 46 of 8 values, compressed");

        async Task RefreshAsync(string what, DateTime start)
        {
            var times = new List<double>();
            for (var run = 0; run < 20; run++)
            {
                await series.AddAsync(start.AddMinutes(run), start.AddMinutes(run + 1));
                var started = TimeProvider.System.GetTimestamp();
                while (await refresh.RefreshAsync(CancellationToken.None) is { More: true } or null) { }
                times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            }

            Report(report, what, times, 100);
        }
    }

    private static async Task FleetAsync(BenchReport report, string connectionString, int devices)
    {
        await using var api = await SignedInApi.StartAsync(connectionString, "Admin");
        await using var aggregator = await ServiceProcess.StartAsync("Fleet.Aggregator", connectionString, new() { ["services__api__http__0"] = api.Address.ToString(), ["Logging__LogLevel__Default"] = "Warning", ["Fleet__TimeZone"] = AlmostMidnight() });
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        var series = new FilledSeries(dataSource, "fleet");
        await series.ExecuteAsync(
            """
            INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt", "ActiveSince")
            SELECT 'BENCH' || n, 'Customer ' || n, true, now(), now() FROM generate_series(1, $1) AS n
            """,
            Math.Max(1, devices / DevicesOfCustomer)
        );
        await series.ExecuteAsync(
            """
            INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples", "LastTime")
            SELECT "Id", 'D' || d, 'Meter ' || d, 'main', 0, now() FROM fleet."Customers" CROSS JOIN generate_series(1, $1) AS d
            """,
            DevicesOfCustomer
        );
        // Today's rows as well: the dashboard is about today.
        await FillAsync(report, series, TimeProvider.System.GetUtcNow().UtcDateTime.Date);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await series.AddAsync(now.Date, now);
        await series.FollowAsync();
        await AskAsync(report, api.Client, "the fleet's dashboard", 50, _ => new Uri(aggregator.Address, "/api/fleet/dashboard").ToString(), pause: true);
        var customer = await series.ScalarAsync<int>("""SELECT max("Id") FROM fleet."Customers" """);
        await AskAsync(report, api.Client, "a customer's page of it", 50, _ => new Uri(aggregator.Address, $"/api/fleet/customers/{customer}/detail").ToString());
    }

    /// <summary>A zone where a day is nearly over: the dashboard has most to sum up then.</summary>
    private static string AlmostMidnight()
    {
        var ahead = 23 - TimeProvider.System.GetUtcNow().Hour;
        return ahead <= 14 ? Text($"Etc/GMT-{ahead}") : Text($"Etc/GMT+{24 - ahead}"); // a minus is east of Greenwich
    }

    private static async Task FillAsync(BenchReport report, FilledSeries series, DateTime until)
    {
        var started = TimeProvider.System.GetTimestamp();
        var rolledUp = await series.FillAsync(until, Days);
        report.Add("their rows were written, and rolled up, in", Text($"{(TimeProvider.System.GetElapsedTime(started) - rolledUp).TotalSeconds:0} s, {rolledUp.TotalSeconds:0} s"));
    }

    /// <summary>
    /// What a stack on plain PostgreSQL has done by the time that somebody looks at its month, a day each night: the product's own job over the days
    /// that are over for as long as it waits, without its rests. TimescaleDB has nothing to do.
    /// </summary>
    private static async Task GatherAsync(BenchReport report, NpgsqlDataSource dataSource, FilledSeries series)
    {
        const string Log = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::double precision";
        var gathering = new DayGathering(dataSource, TimeProvider.System) { Rest = 0 };
        var (started, log, rows) = (TimeProvider.System.GetTimestamp(), await series.ScalarAsync<double>(Log), 0L);
        while (await gathering.RunAsync(CancellationToken.None) is { } day)
        {
            rows += day.Rows;
        }

        if (rows > 0)
        {
            var took = TimeProvider.System.GetElapsedTime(started);
            var bytes = await series.ScalarAsync<double>(Log) - log;
            report.Add("their days were laid together by device in", Text($"{took.TotalSeconds:0} s: {took.TotalMicroseconds / rows:0.0} µs and {bytes / rows:0} bytes of log a row"));
        }
    }

    /// <returns>What the first hundred answers took, before any that counts.</returns>
    /// <param name="pause">The answer is shown again for five times as long as it took: it is waited for, so that each one is computed.</param>
    private static async Task<List<double>> AskAsync(BenchReport report, HttpClient client, string what, double goal, Func<int, string> path, bool pause = false)
    {
        var (first, times) = (new List<double>(), new List<double>());
        var begun = TimeProvider.System.GetTimestamp();
        for (var run = 0; times.Count < 100 || TimeProvider.System.GetElapsedTime(begun) < WarmUp + Measured; run++)
        {
            var started = TimeProvider.System.GetTimestamp();
            using var answer = await client.GetAsync(path(run));
            _ = await answer.Content.ReadAsByteArrayAsync();
            var took = TimeProvider.System.GetElapsedTime(started);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}.");
            }

            if (first.Count < 100)
            {
                first.Add(took.TotalMilliseconds);
            }

            if (TimeProvider.System.GetElapsedTime(begun, started) >= WarmUp)
            {
                times.Add(took.TotalMilliseconds);
            }

            if (pause)
            {
                await Task.Delay((took * 5) + TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }

        Report(report, what, times, goal);
        return first;
    }

    private static void Report(BenchReport report, string what, List<double> times, double goal)
    {
        var figure = BenchReport.Percentiles(times); // sorts them
        report.Add(what, figure, BenchReport.Goal(Text($"p95 < {goal} ms"), times[(int)(0.95 * times.Count)] < goal));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
