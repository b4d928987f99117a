using Portal.Data.Tests.TimeSeries;
using Portal.Testing;

namespace Portal.Data.Tests.Timescale;

/// <summary>Readers can't tell the engines apart: continuous aggregates here and tables there show the same figures at every stage.</summary>
public sealed class SameFiguresTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [TimescaleFact]
    public async Task Figures_agree_before_and_after_the_first_refresh()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.WriteAsync([.. TwoLoggersOfOneMeter(), .. AMeterThatIsSwapped()]);
        var live = await engines.SameFiguresAsync();

        await engines.RefreshAsync();
        Assert.Equal(live, await engines.SameFiguresAsync());
        // All of it is materialised now (a quarter hour of 71 and of 48 hours has rows), so the figures are the aggregates' own.
        Assert.Equal((71L * 4) + (48 * 4), await engines.Timescale.ScalarAsync<long>(MaterialisedQuarters));
    }

    [TimescaleFact]
    public async Task Late_rows_show_after_a_pass()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.WriteAsync([.. TwoLoggersOfOneMeter(), .. AMeterThatIsSwapped()]);
        await engines.RefreshAsync();
        var before = await engines.SameFiguresAsync();

        // Hours between hours, and the other logger's registers for an instant that is there.
        await engines.WriteAsync(TestRow.Of(1, Start.AddHours(10.01), 99), TestRow.Of(1, Start.AddHours(10), null, 1050.5), TestRow.Of(2, Start.AddHours(60), 7, 1));
        await engines.CatchUpAsync();
        var after = await engines.SameFiguresAsync();
        Assert.NotEqual(before, after);
        Assert.Contains("power_max_kw=99", after, StringComparison.Ordinal);
        Assert.Equal(0L, await engines.Timescale.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" """));
    }

    [TimescaleFact]
    public async Task Late_rows_go_into_compressed_chunks_and_fill_their_columns()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.WriteAsync([.. TwoLoggersOfOneMeter(), .. AMeterThatIsSwapped()]);
        await engines.RefreshAsync();
        var compressed = await engines.Timescale.ScalarAsync<long>("""SELECT count(compress_chunk(chunk)) FROM show_chunks('monitoring."PowerMeasurements"') chunk""");
        Assert.Equal(3L, compressed);
        await engines.SameFiguresAsync();

        await engines.WriteAsync(TestRow.Of(1, Start.AddHours(10.01), 99), TestRow.Of(1, Start.AddHours(10), null, 1050.5), TestRow.Of(2, Start.AddHours(1.01), 3));
        await engines.CatchUpAsync();
        await engines.SameFiguresAsync();
        await engines.SameAsync("""SELECT "DeviceId", "Time", "ActivePowerKw", "EnergyImportKwh", "EnergyExportKwh" FROM monitoring."PowerMeasurements" ORDER BY 1, 2""");

        // And when the policy comes by again.
        await engines.Timescale.ExecuteAsync("""SELECT compress_chunk(chunk, if_not_compressed => true) FROM show_chunks('monitoring."PowerMeasurements"') chunk""");
        await engines.SameFiguresAsync();
    }

    [TimescaleFact]
    public async Task A_pass_is_bounded_by_days_and_says_that_there_is_more()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.WriteAsync([.. Enumerable.Range(0, 10).Select(day => TestRow.Of(1, Start.AddDays(day), day))]);
        await engines.RefreshAsync();
        await engines.WriteAsync([.. Enumerable.Range(0, 10).Select(day => TestRow.Of(1, Start.AddDays(day).AddMinutes(1), day))]);

        Assert.True((await engines.Timescale.TimeSeries.RefreshAsync(default))!.More);
        Assert.Equal(3, await engines.Timescale.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" """));
        Assert.False((await engines.Timescale.TimeSeries.RefreshAsync(default))!.More);
        await engines.CatchUpAsync();
        await BruteForce.AssertRelationsAsync(engines.Timescale);
    }

    private const string MaterialisedQuarters = """
        SELECT count(*) FROM monitoring.quarter_hourly_per_device
         WHERE bucket < (SELECT _timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(mat_hypertable_id))
                           FROM _timescaledb_catalog.continuous_agg WHERE user_view_name = 'quarter_hourly_per_device')
        """;

    /// <summary>Three days: one logger posts power every 5 minutes, another the registers every 20, with an hour's gap on the second day.</summary>
    private static IEnumerable<TestRow> TwoLoggersOfOneMeter()
    {
        for (var minute = 0; minute < 3 * 24 * 60; minute += 5)
        {
            var time = Start.AddMinutes(minute);
            if (minute is >= 1800 and < 1860)
                continue;
            yield return minute % 20 == 15
                ? new TestRow(1, time, [null, null, null, null, null, 1000 + (minute / 12.0), minute / 240.0, null, null])
                : TestRow.Of(1, time, 5 + Math.Sin(minute / 100.0));
        }
    }

    /// <summary>Two days every 10 minutes; after a day another meter with a register of its own stands there.</summary>
    private static IEnumerable<TestRow> AMeterThatIsSwapped()
    {
        for (var minute = 0; minute < 2 * 24 * 60; minute += 10)
            yield return TestRow.Of(2, Start.AddMinutes(minute), 12, minute < 1440 ? 50_000 + (minute / 5.0) : (minute - 1440) / 5.0);
    }
}
