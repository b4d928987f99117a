using MeterSimulator.Fleet;
using MeterSimulator.Running;

namespace MeterSimulator.Tests;

public sealed class BackfillTests
{
    [Fact]
    public async Task Every_reading_of_the_history_arrives_once()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, Once(TimeSpan.FromDays(3)));
        await run.Ended;

        foreach (var meter in run.Fleet.Meters)
        {
            // Readings at 10:00:00, 09:59:00, … back to three days before 10:00:30.
            var json = portal.Rows.Where(row => row.Serial == meter.Serial && row.Values.Count > 4).Select(row => row.Time).ToList();
            Assert.Equal(3 * 1440, json.Count);
            Assert.Equal(3 * 1440, json.Distinct().Count());
            Assert.Equal(RunningFleet.Start.AddSeconds(-30), json.Max());
            Assert.Equal(RunningFleet.Start.AddSeconds(30).AddDays(-3), json.Min());
            Assert.All(json, time => Assert.Equal(0, time.Second));
        }

        Assert.Equal(portal.Rows.Count, run.Simulation.Tally.Accepted);
        Assert.Equal(0, run.Simulation.Tally.Duplicate + run.Simulation.Tally.Rejected + run.Simulation.Tally.Refused);
    }

    [Fact]
    public void The_newest_day_of_every_meter_goes_first_and_beyond_a_week_a_post_holds_a_month_at_most()
    {
        var fleet = FleetPlan.Create(new());
        var posts = Backfill.Plan(fleet, RunningFleet.Start.AddDays(-100), RunningFleet.Start, new());

        var newest = posts.Select(post => DateTimeOffset.FromUnixTimeSeconds(post.Range.Last)).ToList();
        Assert.Equal(newest.Select(time => time.Date).OrderDescending(), newest.Select(time => time.Date));
        Assert.Equal(fleet.Meters.Select(meter => meter.Serial), posts.Take(9).SelectMany(post => post.Meters).Select(meter => meter.Serial).Distinct());
        var days = posts.Where(post => post.Meters[0] == fleet.Meters[0]).Select(post => (post.Range.Last - post.Range.First) / 86_400.0).ToList();
        Assert.All(days.Take(7), span => Assert.InRange(span, 0, 1));
        Assert.All(days.Skip(7).SkipLast(1), span => Assert.InRange(span, 30.9, 31));
        var first = posts.Where(post => post.Meters[0] == fleet.Meters[0]).SelectMany(post => Enumerable.Range(0, post.Range.Count).Select(post.Range.At)).ToList();
        Assert.Equal(100 * 1440, first.Distinct().Count());
        Assert.Equal(100 * 1440, first.Count);
    }

    [Fact]
    public void At_a_quick_pace_a_post_holds_no_more_readings_than_a_month_by_the_minute()
    {
        var fleet = FleetPlan.Create(new() { Devices = 1 });
        var posts = Backfill.Plan(fleet, RunningFleet.Start.AddDays(-40), RunningFleet.Start, new() { Interval = TimeSpan.FromSeconds(10) });
        Assert.All(posts, post => Assert.True(post.Readings <= 31 * 1440));
        Assert.Equal((40 * 8640) + 1, posts.SelectMany(post => Enumerable.Range(0, post.Range.Count).Select(post.Range.At)).Distinct().Count());
        Assert.Equal(posts.Select(post => post.Range.Last).OrderDescending(), posts.Select(post => post.Range.Last));
    }

    [Fact]
    public async Task A_second_run_posts_the_same_again_and_changes_nothing()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using (var first = new RunningFleet(portal, Once(TimeSpan.FromHours(30)))) await first.Ended;
        var before = portal.Rows.ToDictionary(row => (row.Serial, row.Time, row.Values.Count), Values);
        portal.Posts.Clear();
        await using var second = new RunningFleet(portal, Once(TimeSpan.FromHours(30)));
        await second.Ended;

        Assert.Equal(before.Count, portal.Rows.Count);
        Assert.All(portal.Rows, row => Assert.Equal(before[(row.Serial, row.Time, row.Values.Count)], Values(row)));
        Assert.Equal(0, second.Simulation.Tally.Accepted);
        Assert.Equal(before.Count, second.Simulation.Tally.Duplicate);
    }

    [Fact]
    public async Task With_out_of_order_some_posts_come_after_all_others_and_none_is_missing()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, Once(TimeSpan.FromDays(6)) with
        {
            OutOfOrder = 0.3, Interval = TimeSpan.FromMinutes(15), Fleet = new() { Devices = 1 },
        });
        await run.Ended;

        var newest = portal.Posts.Select(post => post.Rows[^1].Time).ToList();
        Assert.NotEqual(newest.Select(time => time.Date).OrderDescending(), newest.Select(time => time.Date));
        Assert.Equal(6 * 96, portal.Rows.Select(row => row.Time).Distinct().Count());
    }

    [Fact]
    public async Task With_duplicates_about_the_asked_for_share_comes_twice()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, Once(TimeSpan.FromDays(7)) with
        {
            Duplicates = 0.25, Interval = TimeSpan.FromHours(1), Fleet = new(),
        });
        await run.Ended;

        var tally = run.Simulation.Tally;
        Assert.InRange(tally.Duplicate / (double)tally.Accepted, 0.10, 0.40);
        Assert.Equal(portal.Rows.Count, tally.Accepted + tally.Duplicate);
    }

    [Theory]
    [InlineData("NewestFirst")]
    [InlineData("OldestFirst")]
    public async Task After_an_outage_the_cache_comes_in_files_in_the_asked_for_order(string order)
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, Once(TimeSpan.FromDays(1)) with
        {
            Outage = TimeSpan.FromHours(5), Replay = Enum.Parse<ReplayOrder>(order), Fleet = new() { Devices = 1 },
        });
        await run.Ended;

        var cutOff = RunningFleet.Start.AddHours(-5);
        var wave = portal.Posts.Where(post => post.Rows[0].Time > cutOff).Select(post => post.Rows[0].Time).ToList();
        Assert.Equal(6, wave.Count); // 05:01 to 05:59, four whole hours, and 10:00
        Assert.Equal(order == "NewestFirst" ? wave.OrderDescending() : wave.Order(), wave);
        Assert.All(portal.Posts.Take(2), post => Assert.True(post.Rows[0].Time <= cutOff));
        Assert.Equal(1440, portal.Rows.Select(row => row.Time).Distinct().Count());
    }

    [Fact]
    public async Task Posts_of_an_unregistered_device_are_counted_as_rejected_with_the_reason()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, Once(TimeSpan.FromHours(2)) with { Fleet = new() { UnknownDevice = true, Devices = 2 } });
        foreach (var meter in run.Fleet.Meters.Where(meter => meter.Registered)) portal.Devices.Add(new() { ["externalId"] = meter.Serial });
        await run.Ended;

        Assert.Contains("unknown-device", run.Log, StringComparison.Ordinal);
        Assert.InRange(run.Simulation.Tally.Rejected, 120, 240);
    }

    private static RunOptions Once(TimeSpan history) => new() { History = history, Once = true };

    private static string Values(PostedRow row) => string.Join(";", row.Values.Select(value => $"{value.Key}={value.Value.Text}"));
}
