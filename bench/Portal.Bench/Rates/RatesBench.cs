using System.CommandLine;
using System.Globalization;
using Npgsql;

namespace Portal.Bench.Rates;

/// <summary>Bills: a year and a month of one site, and a month of 200 sites, with time of use alone and with demand in kVA, which needs quarter-hours and three registers.</summary>
internal sealed class RatesBench : Command
{
    private const int Sites = 200;
    private const int Runs = 30;

    private static readonly DateTime From = new(2024, 12, 30, 0, 0, 0, DateTimeKind.Utc);

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };

    public RatesBench()
        : base("rates", "Bills of sites from their roll-ups.")
    {
        Options.Add(database);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database)));
    }

    private static async Task RunAsync(string? given)
    {
        var report = new BenchReport("rates");
        await using var stack = await RatesStack.StartAsync(given);
        var yearly = await stack.AddSitesAsync(2, From, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        var others = await stack.AddSitesAsync(Sites, new DateTime(2025, 6, 29, 0, 0, 0, DateTimeKind.Utc), new DateTime(2025, 8, 2, 0, 0, 0, DateTimeKind.Utc));
        await stack.AssignAsync(Tariff("Time of use", ""), [yearly[0], .. others]);
        await stack.AssignAsync(Tariff("Demand", "\n      - {kind: demand, name: Demand, unit: kva, price: 180, bands: [peak, standard]}"), [yearly[1]]);

        var reference = await ReferenceAsync(stack);
        report.Add("the year's quarter-hours of a meter read by a plain client, in the same run", BenchReport.Percentiles(reference));
        await OneAsync("a year of one site, time of use", yearly[0], "2025-01-01", "2026-01-01", 100);
        await OneAsync("a year of one site, time of use and demand in kVA", yearly[1], "2025-01-01", "2026-01-01", 100);
        await OneAsync("a month of one site, time of use", yearly[0], "2025-07-01", "2025-08-01", 20);
        await OneAsync("a month of one site, time of use and demand in kVA", yearly[1], "2025-07-01", "2025-08-01", 20);

        var started = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(others, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (site, _) => await stack.BillAsync(site, "2025-07-01", "2025-08-01"));
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        report.Add($"a month of {Sites} sites, time of use, two requests at a time", Text($"{seconds:0.00} s"), BenchReport.Goal("< 2 s", seconds < 2));
        await report.WriteAsync(stack.ConnectionString);

        async Task OneAsync(string what, Guid site, string from, string to, double goal)
        {
            for (var warm = 0; warm < 5; warm++)
            {
                await stack.BillAsync(site, from, to);
            }

            var times = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                times.Add(await stack.BillAsync(site, from, to));
            }

            report.Add(what, BenchReport.Percentiles(times), BenchReport.Goal(Text($"< {goal} ms"), Median(times) < goal));
            report.Add($"{what}: ratio to the plain client's year", Text($"{Median(times) / Median(reference):0.00}"));
        }
    }

    // What a bill reads of one register of a year, into nothing.
    private static async Task<List<double>> ReferenceAsync(RatesStack stack)
    {
        await using var dataSource = NpgsqlDataSource.Create(stack.ConnectionString);
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await using var command = dataSource.CreateCommand(
                """
                SELECT bucket, import_first_at, import_first_kwh, import_last_at, import_last_kwh, import_min_kwh, import_max_kwh, power_min_kw, power_max_kw
                  FROM monitoring.quarter_hourly_per_device WHERE device_id = 1 AND bucket >= '2025-01-01' AND bucket < '2026-01-01' ORDER BY bucket
                """
            );
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                _ = reader.GetFieldValue<DateTimeOffset>(1);
                _ = reader.GetDouble(2);
                _ = reader.GetFieldValue<DateTimeOffset>(3);
                _ = reader.GetDouble(4);
            }

            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    private static string Tariff(string name, string more) => $$"""
        municipality: Bench
        name: {{name}}
        clocks:
          - name: Bench
            versions:
              - from: 2020-01-01
                bands: [peak, standard, off-peak]
                otherwise: off-peak
                holidays: {calendar: south-africa, countsAs: sunday}
                seasons:
                  - {name: high, months: [6, 7, 8], weekday: [{from: "06:00", to: "08:00", band: peak}, {from: "08:00", to: "22:00", band: standard}], saturday: [{from: "07:00", to: "12:00", band: standard}], sunday: []}
                  - {name: low, months: [1, 2, 3, 4, 5, 9, 10, 11, 12], weekday: [{from: "07:00", to: "09:00", band: peak}, {from: "09:00", to: "22:00", band: standard}], saturday: [{from: "07:00", to: "12:00", band: standard}], sunday: []}
        versions:
          - from: 2020-01-01
            currency: ZAR
            vatPercent: 15
            source: Benchmark
            clock: Bench
            components:
              - {kind: energy, name: Energy, rates: [{band: peak, price: 4}, {band: standard, price: 2}, {band: off-peak, price: 1}]}
              - {kind: fixed, name: Service, per: month, price: 950}{{more}}
        """;

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
