using System.Text.RegularExpressions;
using MeterSimulator.Running;

namespace MeterSimulator.Tests;

public sealed partial class LiveTests
{
    private static readonly DateTimeOffset Minute = RunningFleet.Start.AddSeconds(-30); // 10:00:00

    [Fact]
    public async Task Each_meter_posts_every_interval_in_its_own_form_and_envelope()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, new());
        await run.UntilAsync(() => run.Fleet.Meters.All(meter => portal.Rows.Count(row => row.Serial == meter.Serial) >= 3));
        await run.StopAsync();

        foreach (var post in portal.Posts)
        {
            Assert.Equal(VirtualPortal.Host, post.Host);
            Assert.Equal($"Bearer {RunningFleet.Key}", post.Authorization);
            if (post.ContentType.StartsWith("multipart/form-data", StringComparison.Ordinal))
            {
                Assert.Equal(("upload", "text/json"), (post.Action, post.FileType));
                Assert.Matches("^[0-9]{10}\\.(json|csv)$", post.FileName);
            }
            else
            {
                Assert.Equal("application/json", post.ContentType);
            }
        }

        Assert.Contains(portal.Posts, post => post.Gzip);
        Assert.Contains(portal.Posts, post => !post.Gzip);
        Assert.Contains(portal.Posts, post => post.Rows.Select(row => row.Serial).Distinct().Count() == 2);
        Assert.DoesNotContain(RunningFleet.Key, run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_off_fleet_is_silent_and_then_brings_everything()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, new() { Outage = TimeSpan.FromMinutes(20), Fleet = new() { Devices = 1 } });
        await run.UntilAsync(() => run.Time.GetUtcNow() >= RunningFleet.Start.AddSeconds(110));
        await run.UntilAsync(() => portal.Rows.Count == 2, step: TimeSpan.Zero);
        await run.UntilAsync(() => run.Time.GetUtcNow() >= RunningFleet.Start.AddMinutes(21), TimeSpan.FromSeconds(10));
        Assert.Equal(2, portal.Rows.Count); // 10:01 and 10:02; the link goes down at 10:02:30

        await run.UntilAsync(() => portal.Rows.Count >= 24);
        Assert.Equal(Enumerable.Range(1, 24).Select(minute => Minute.AddMinutes(minute)), portal.Rows.Select(row => row.Time).Order().Take(24));
        Assert.Contains(portal.Posts, post => post.Rows.Count > 10); // the cache comes as columns
    }

    [Fact]
    public async Task Overtaken_posts_are_late_but_none_is_lost()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, new() { OutOfOrder = 0.5, Fleet = new() { Devices = 1 } });
        for (var minute = 4; minute <= 60; minute++)
        {
            // Nothing is held back for longer than three intervals.
            await run.UntilAsync(() => portal.Rows.Any(row => row.Time == Minute.AddMinutes(minute - 3)), TimeSpan.FromSeconds(15));
        }

        var arrived = portal.Rows.Select(row => row.Time).ToList();
        Assert.NotEqual(arrived.Order(), arrived);
        Assert.Equal(arrived.Count, arrived.Distinct().Count());
        Assert.Empty(Enumerable.Range(1, 57).Select(minute => Minute.AddMinutes(minute)).Except(arrived));
    }

    [Fact]
    public async Task At_speed_the_past_is_lived_through_post_by_post_up_to_the_present_and_never_beyond()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, new() { History = TimeSpan.FromHours(2), Speed = 60, Fleet = new() { Devices = 1 } });
        await run.UntilAsync(() => portal.Rows.Count >= 120, TimeSpan.FromMilliseconds(500));
        // Two hours at sixty times the pace take two minutes, and the clock runs on while the portal answers.
        Assert.InRange((run.Time.GetUtcNow() - RunningFleet.Start).TotalMinutes, 1.9, 60);
        await run.UntilAsync(() => portal.Rows.Max(row => row.Time) >= RunningFleet.Start.AddMinutes(5));
        Assert.True(portal.Rows.Max(row => row.Time) <= run.Time.GetUtcNow());
        Assert.Equal(Minute.AddHours(-2).AddMinutes(1), portal.Rows.Min(row => row.Time));
        Assert.Equal(portal.Rows.Count, portal.Rows.Select(row => row.Time).Distinct().Count());
    }

    [Fact]
    public async Task A_summary_comes_every_minute_and_at_the_end()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, new() { Fleet = new() { Devices = 1 } });
        await run.UntilAsync(() => Summary().Count(run.Log) >= 5);
        await run.StopAsync();

        var elapsed = run.Time.GetUtcNow() - RunningFleet.Start;
        Assert.InRange(Summary().Count(run.Log), 5, elapsed.TotalMinutes + 1); // and the last line, which is one too
        Assert.Contains("Ended: ", run.Log, StringComparison.Ordinal);
    }

    [GeneratedRegex("Z (Ended: )?[0-9]+ posts; rows: [0-9]+ accepted, 0 duplicate, 0 rejected")]
    private static partial Regex Summary();
}
