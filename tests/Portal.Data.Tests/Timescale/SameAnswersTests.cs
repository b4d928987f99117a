using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Queries;
using Portal.Data.Tests.TimeSeries;
using Portal.Domain.Energy;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.Timescale;

/// <summary>The portal's own queries answer the same on both engines, live and materialised.</summary>
public sealed class SameAnswersTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"); // UTC+5:45: quarter hours matter

    [TimescaleFact]
    public async Task Energy_curves_pages_and_the_overview_agree()
    {
        await using var engines = await EnginePair.CreateAsync();
        // Up to the clock's now, with two hours' gap over the site's midnight (18:15 UTC).
        var start = EnginePair.Now.AddDays(-2);
        await engines.WriteAsync(
            [
                .. Enumerable
                    .Range(0, (2 * 24 * 12) + 1)
                    .Select(i => (Time: start.AddMinutes(i * 5), Step: i))
                    .Where(sample => sample.Time.Hour is not (18 or 19) || sample.Time.Day == 18)
                    .SelectMany(sample => new[] { TestRow.Of(1, sample.Time, 10 + (sample.Step % 7), 100 + (sample.Step * 0.9)), TestRow.Of(2, sample.Time, 2, 7000 + (sample.Step / 6.0)) }),
            ]
        );
        var live = await AnswersAsync(engines.Postgres);
        Assert.Equal(live, await AnswersAsync(engines.Timescale));

        await engines.RefreshAsync();
        Assert.Equal(live, await AnswersAsync(engines.Postgres));
        Assert.Equal(live, await AnswersAsync(engines.Timescale));
    }

    private static async Task<string> AnswersAsync(PortalHost host)
    {
        var energy = host.Services.GetRequiredService<EnergyQueries>();
        var overview = host.Services.GetRequiredService<OverviewQueries>();
        var from = IntervalGrid.Floor(EnginePair.Now.AddDays(-2), IntervalLength.Day, Zone);
        var lines = new List<string>();
        foreach (var length in new[] { IntervalLength.QuarterHour, IntervalLength.Hour, IntervalLength.Day })
        {
            var edges = IntervalGrid.Edges(from, EnginePair.Now, length, Zone, 1000)!;
            var rows = await energy.IntervalsAsync([1, 2], edges, default);
            Assert.Contains(rows, row => row.ImportKwh > 0);
            Assert.Contains(rows, row => row.Estimated);
            lines.AddRange(rows.Select(row => $"{length} {row.Start:o} {row.ImportKwh:F6} {row.ExportKwh:F6} {row.Estimated}"));
        }

        var hours = IntervalGrid.Edges(from, EnginePair.Now, IntervalLength.Hour, Zone, 1000)!;
        var series = await host.Services.GetRequiredService<SeriesQueries>().ReadAsync(1, hours, [Quantities.ActivePowerKw, Quantities.EnergyImportKwh], default);
        lines.AddRange(series.Starts.Zip(series.Samples, (at, count) => $"series {at:o} {count}"));
        lines.AddRange(series.Columns.Select(column => string.Join(" ", column.Mean.Concat(column.Min).Concat(column.Max).Select(value => $"{value:F6}"))));

        var page = await host.Services.GetRequiredService<MeasurementQueries>().PageAsync(1, from, EnginePair.Now, 50, EnginePair.Now.AddHours(-1), default);
        Assert.Equal(50, page.Count);
        lines.AddRange(page.Select(row => $"row {row.Time:o} {string.Join(" ", row.Values)}"));

        lines.AddRange((await overview.NowAsync([1, 2, 3], default)).Values.OrderBy(now => now.DeviceId).Select(now => $"{now}"));
        lines.AddRange((await overview.TodayAsync([[1], [1, 2]], Zone, default)).Select(today => $"today {today.Start:o} {today.Value:F6} {today.Estimated}"));
        return string.Join("\n", lines);
    }
}
