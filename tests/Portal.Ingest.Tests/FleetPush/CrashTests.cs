using System.Globalization;
using Portal.AppHost.Local;
using Portal.Ingest.Tests.Crash;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>Whatever ends in the middle of a push: both sides are the same in the end.</summary>
public sealed class CrashTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task A_process_that_is_killed_between_the_fleets_commit_and_its_answer_sends_the_rows_again()
    {
        var held = new TaskCompletionSource();
        await using var stack = await PushStack.StartAsync(new() { ["FleetIngest:Enabled"] = "false" });
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Start, 100);
        stack.Fleet.After = async (http, batch) =>
        {
            if (batch.BatchType == "measurements" && held.TrySetResult())
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        };
        var settings = new Dictionary<string, string>
        {
            ["FleetIngest__Enabled"] = "true",
            ["FleetIngest__Url"] = stack.Fleet.Address,
            ["FleetIngest__Token"] = stack.Fleet.Token.Reveal(),
            ["FleetIngest__IntervalSeconds"] = "1",
            ["FleetIngest__BatchSize"] = "60",
        };
        using (var first = IngestProcess.Start(FreePort.Next(), stack.Database, settings))
        {
            await held.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await first.KillAsync();
        }

        Assert.Equal(60, stack.Fleet.Rows().Count);
        Assert.Equal(1, await stack.NotesAsync());
        using var second = IngestProcess.Start(FreePort.Next(), stack.Database, settings);
        await stack.AssertSameAsync();
        Assert.Contains(stack.Fleet.Measurements, batch => batch.Times.First() == Start && batch.BatchId != stack.Fleet.Measurements[0].BatchId);
    }

    [PostgresFact]
    public async Task A_batch_under_way_when_the_process_is_asked_to_stop_is_finished_and_not_sent_again()
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var stack = await FilledAsync();
        stack.Fleet.After = async (_, batch) =>
        {
            if (batch.BatchType == "measurements" && held.TrySetResult())
            {
                await release.Task;
            }

            return false;
        };
        await stack.PostAsync("A", Start, 10);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(60));

        var restarting = stack.RestartAsync();
        release.SetResult();
        await restarting;

        await stack.AssertSameAsync();
        Assert.Single(stack.Fleet.Measurements);
    }

    [PostgresFact]
    public async Task A_batch_that_is_not_answered_when_the_process_is_asked_to_stop_is_dropped_within_seconds_and_sent_again()
    {
        var held = new TaskCompletionSource();
        await using var stack = await FilledAsync();
        stack.Fleet.After = async (http, batch) =>
        {
            if (batch.BatchType == "measurements" && held.TrySetResult())
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        };
        await stack.PostAsync("A", Start, 10);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await stack.RestartAsync().WaitAsync(TimeSpan.FromSeconds(60));

        await stack.AssertSameAsync();
        Assert.Equal(2, stack.Fleet.Measurements.Select(batch => batch.BatchId).Distinct().Count());
    }

    [PostgresFact]
    public async Task Rows_and_columns_that_arrive_between_reading_a_note_and_deleting_it_are_pushed_by_their_own_notes()
    {
        await using var stack = await FilledAsync();
        var rounds = 0;
        stack.Fleet.After = async (_, batch) =>
        {
            if (batch.BatchType == "measurements" && Interlocked.Increment(ref rounds) <= 5)
            {
                // Within the range that is being acknowledged: new rows between the others, and columns of rows that were just sent.
                await stack.PostAsync("A", Start.AddSeconds(rounds), 10);
                await stack.PostAsync("A", Start, 10, $$""","current{{1 + (rounds % 3)}}A":{{rounds.ToString(CultureInfo.InvariantCulture)}}""");
            }

            return false;
        };
        await stack.PostAsync("A", Start, 10);

        await stack.AssertSameAsync();
        Assert.Equal(60, stack.Fleet.Rows().Count);
    }

    [PostgresFact]
    public async Task A_device_that_is_made_anew_amid_a_push_is_deleted_in_the_fleet_before_its_rows_arrive()
    {
        await using var stack = await FilledAsync();
        var site = await stack.SiteAsync();
        var device = await stack.DeviceAsync(site, "B");
        await stack.PostAsync("B", Start.AddDays(1), 10);
        await stack.AssertSameAsync();
        var heartbeats = int.MaxValue;
        stack.Fleet.Before = async (http, batch) =>
        {
            if (batch.BatchType == "measurements" && heartbeats == int.MaxValue)
            {
                await stack.DeleteAsync(device);
                await stack.DeviceAsync(site, "B");
                await stack.PostAsync("B", Start, 10);
                heartbeats = Heartbeats();
            }

            // Fails for so long that the push learns of newer notes before it goes on.
            var fails = batch.BatchType == "measurements" && Heartbeats() < heartbeats + 3;
            http.Response.StatusCode = fails ? 500 : 200;
            return fails;
        };
        await stack.PostAsync("A", Start, 10);

        await stack.AssertSameAsync();
        Assert.Equal(20, stack.Fleet.Rows().Count);

        int Heartbeats() => stack.Fleet.Batches.Count(batch => batch.BatchType == "heartbeat");
    }

    [PostgresFact]
    public async Task An_error_that_nobody_has_thought_of_is_shown_and_stops_neither_posts_nor_for_ever_the_push()
    {
        await using var stack = await FilledAsync();
        await stack.Host.Catalogue.ExecuteAsync("""UPDATE monitoring."Devices" SET "Role" = 'Nonsense'""");
        await stack.PostAsync("A", Start, 10);
        await Eventually.TrueAsync(async () => (await stack.StateAsync())?.LastError?.Contains("an error of its own", StringComparison.Ordinal) == true, "the error is shown");
        await stack.PostAsync("A", Start.AddDays(1), 10);

        await stack.Host.Catalogue.ExecuteAsync("""UPDATE monitoring."Devices" SET "Role" = 'Main'""");
        await stack.AssertSameAsync();
    }

    [PostgresFact]
    public async Task A_leader_whose_database_is_cut_off_in_the_middle_of_a_push_leads_again_and_loses_nothing()
    {
        var (proxy, through) = CuttableProxy.Before(await PostgresServer.CreateDatabaseAsync("push_cut"));
        await using var _ = proxy;
        await using var stack = await PushStack.StartAsync(database: through);
        var site = await stack.SiteAsync();
        await stack.DeviceAsync(site, "A");
        var cut = 0;
        stack.Fleet.After = async (_, batch) =>
        {
            // After the fleet has stored it, before the notes can be deleted.
            if (batch.BatchType == "measurements" && Interlocked.Exchange(ref cut, 1) == 0)
            {
                await proxy.CutAsync();
            }

            return false;
        };
        await stack.PostAsync("A", Start, 10);
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Measurements.Count > 0), "a batch has come in");
        proxy.Mend();
        stack.Host.Database.Clear(); // the test's own connections

        await stack.AssertSameAsync();
        await stack.PostAsync("A", Start.AddDays(1), 10);
        await stack.AssertSameAsync();
        Assert.True(stack.Fleet.Measurements.Count >= 3);
    }

    [PostgresFact]
    public async Task Of_two_replicas_one_pushes_and_the_other_takes_over()
    {
        await using var stack = await FilledAsync();
        var second = await stack.StartHostAsync();
        await stack.PostAsync("A", Start, 10);
        await stack.AssertSameAsync();
        Assert.Equal((true, false), (Leads(stack.Host), Leads(second)));

        await stack.Host.DisposeAsync();
        stack.Host = second;
        await Eventually.TrueAsync(() => Task.FromResult(Leads(second)), "the other leads");
        await stack.PostAsync("A", Start.AddDays(1), 10);
        await stack.AssertSameAsync();
    }

    private static bool Leads(IngestHost host) => PushStack.Pusher(host).Leads;

    private static async Task<PushStack> FilledAsync()
    {
        var stack = await PushStack.StartAsync(prepare: async stack => await stack.DeviceAsync(await stack.SiteAsync(), "A"));
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Catalogue.ContainsKey("A")), "the catalogue is pushed");
        return stack;
    }
}
