using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using MeterSimulator.Running;

namespace MeterSimulator.Tests;

public sealed class DeliveryTests
{
    private static readonly RunOptions OneMeter = new() { Fleet = new() { Devices = 1 } };

    [Fact]
    public async Task While_the_portal_is_down_nothing_is_lost_and_afterwards_everything_arrives()
    {
        await using var portal = await VirtualPortal.StartAsync();
        await using var run = new RunningFleet(portal, OneMeter);
        await run.UntilAsync(() => portal.Rows.Count >= 2);
        await portal.CloseAsync();
        var downFrom = run.Time.GetUtcNow();
        await run.UntilAsync(() => run.Time.GetUtcNow() - downFrom > TimeSpan.FromMinutes(30) && run.Simulation.Tally.Retries > 3, TimeSpan.FromSeconds(5));
        await portal.OpenAsync();
        await run.UntilAsync(() => portal.Rows.Count >= 35);

        var times = portal.Rows.Select(row => row.Time).Order().ToList();
        Assert.Equal(times.Distinct(), times);
        Assert.Equal(TimeSpan.FromMinutes(times.Count - 1), times[^1] - times[0]); // no gap
        Assert.Contains("no answer from abc0001.localhost", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_names_a_time_is_left_alone_until_then(int status)
    {
        await using var portal = await VirtualPortal.StartAsync();
        var tries = new ConcurrentQueue<DateTimeOffset>();
        RunningFleet? run = null;
        portal.Ingest = _ =>
        {
            tries.Enqueue(run!.Time.GetUtcNow());
            return tries.Count > 3 ? null : new Answer(status, retryAfter: "300");
        };
        await using (run = new RunningFleet(portal, OneMeter with { Once = true }))
        {
            await run.UntilAsync(() => run.Ended.IsCompleted, TimeSpan.FromSeconds(5));
        }

        Assert.Equal(4, tries.Count);
        Assert.All(tries.Zip(tries.Skip(1), (earlier, later) => later - earlier), pause => Assert.True(pause >= TimeSpan.FromMinutes(5)));
        Assert.Equal(1, run.Simulation.Tally.Posts);
        Assert.Equal(3, run.Simulation.Tally.Retries);
    }

    [Fact]
    public async Task Without_a_named_time_the_pauses_grow()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var tries = new ConcurrentQueue<DateTimeOffset>();
        RunningFleet? run = null;
        portal.Ingest = _ =>
        {
            tries.Enqueue(run!.Time.GetUtcNow());
            return tries.Count > 10 ? null : Results.StatusCode(500);
        };
        await using (run = new RunningFleet(portal, OneMeter with { Once = true }))
        {
            await run.UntilAsync(() => run.Ended.IsCompleted);
        }

        // The clock runs on while the server answers, so only the shortest pause is known.
        var pauses = tries.Zip(tries.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToList();
        Assert.All(pauses.Take(3), pause => Assert.True(pause >= 0.5));
        Assert.All(pauses.Skip(6), pause => Assert.True(pause >= 30));
    }

    [Fact]
    public async Task A_post_that_is_too_large_comes_in_halves()
    {
        await using var portal = await VirtualPortal.StartAsync();
        portal.Ingest = post => post.Rows.Count > 400 ? Results.Problem(statusCode: 413) : null;
        await using var run = new RunningFleet(portal, OneMeter with { Once = true, History = TimeSpan.FromDays(1) });
        await run.Ended;

        Assert.Equal(1440, portal.Rows.Select(row => row.Time).Distinct().Count());
        Assert.Equal(1440, portal.Rows.Count);
        Assert.Equal(0, run.Simulation.Tally.Refused);
    }

    [Fact]
    public async Task A_post_that_the_server_refuses_before_it_has_read_it_comes_in_halves_too()
    {
        // Longer than any socket's buffers: without asking first, the sender would only see its connection break.
        await using var portal = await VirtualPortal.StartAsync();
        await portal.CloseAsync();
        portal.BodyLimit = 2_000_000;
        await portal.OpenAsync();
        await using var run = new RunningFleet(portal, OneMeter with { Once = true, History = TimeSpan.FromDays(24) });
        await run.UntilAsync(() => run.Ended.IsCompleted, TimeSpan.Zero);

        Assert.Equal(24 * 1440, portal.Rows.Select(row => row.Time).Distinct().Count());
        Assert.Equal(0, run.Simulation.Tally.Retries);
    }

    [Fact]
    public async Task What_the_server_can_not_read_is_set_aside_with_its_words_and_the_rest_goes_on()
    {
        await using var portal = await VirtualPortal.StartAsync();
        portal.Ingest = post => post.Rows[0].Time.Day == 22
            ? Results.Problem(statusCode: 400, title: "Nothing could be read", detail: "the form is not known")
            : null;
        await using var run = new RunningFleet(portal, OneMeter with { Once = true, History = TimeSpan.FromDays(3) });
        await run.Ended;

        Assert.Equal(1, run.Simulation.Tally.Refused);
        Assert.Contains("400 Bad Request: Nothing could be read the form is not known", run.Log, StringComparison.Ordinal);
        Assert.Equal([20, 21, 23], portal.Rows.Select(row => row.Time.Day).Distinct().Order());
    }

    [Fact]
    public async Task A_refused_key_loses_nothing_and_is_named_once_a_minute_without_being_shown()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var refusing = true;
        portal.Ingest = _ => refusing ? Results.Problem(statusCode: 401, title: "The ingest key is not known") : null;
        await using var run = new RunningFleet(portal, new() { Once = true, History = TimeSpan.FromHours(1) });
        await run.UntilAsync(() => run.Simulation.Tally.Retries >= 20);
        Assert.Contains("delete the key file", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningFleet.Key, run.Log, StringComparison.Ordinal);
        var minutes = (run.Time.GetUtcNow() - RunningFleet.Start).TotalMinutes;
        Assert.True(run.Log.Split("delete the key file").Length - 1 <= minutes + 2);

        refusing = false;
        await run.UntilAsync(() => run.Ended.IsCompleted);
        Assert.Equal(60, portal.Rows.Count(row => row.Serial == run.Fleet.Meters[0].Serial));
    }

    [Fact]
    public async Task An_answer_that_is_not_ingests_is_no_acknowledgement()
    {
        await using var portal = await VirtualPortal.StartAsync();
        var strange = true;
        portal.Ingest = _ => strange ? Results.Content("<html>Sign in</html>", "text/html") : null;
        await using var run = new RunningFleet(portal, OneMeter with { Once = true });
        await run.UntilAsync(() => run.Simulation.Tally.Retries >= 2);
        Assert.Equal(0, run.Simulation.Tally.Posts);
        strange = false;
        await run.UntilAsync(() => run.Ended.IsCompleted);
        Assert.Single(portal.Rows);
    }

    [Fact]
    public async Task It_ends_at_once_when_stopped_even_while_it_waits_for_the_portal()
    {
        await using var portal = await VirtualPortal.StartAsync();
        portal.Ingest = _ => Results.StatusCode(503);
        await using var run = new RunningFleet(portal, new() { History = TimeSpan.FromDays(1) });
        // The line of each minute says so once a reading was taken.
        await run.UntilAsync(() => run.Simulation.Tally.Retries > 5 && run.Log.Contains("readings waiting", StringComparison.Ordinal));
        await run.StopAsync();
        Assert.Contains("Ended: 0 posts", run.Log, StringComparison.Ordinal);
        Assert.Contains("readings waiting", run.Log[run.Log.IndexOf("Ended:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private sealed class Answer(int status, string retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        }
    }
}
