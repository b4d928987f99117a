using Microsoft.AspNetCore.Http;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>Each answer of the wire, and answers that are none of the fleet's.</summary>
public sealed class AnswerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero);

    [PostgresTheory]
    [InlineData(500, "application/problem+json")]
    [InlineData(502, "text/html")]
    [InlineData(408, "application/problem+json")]
    [InlineData(429, "application/problem+json")]
    [InlineData(503, "text/html")]
    [InlineData(404, "text/html")]
    [InlineData(400, "text/html")]
    [InlineData(302, "text/html")]
    [InlineData(200, "text/html")]
    [InlineData(204, "application/json")]
    [InlineData(200, "application/json")] // but not about this batch
    public async Task What_is_no_acknowledgement_is_followed_by_the_very_same_batch(int status, string contentType)
    {
        await using var stack = await FilledAsync();
        stack.Fleet.Fail(status, times: 3, "measurements", contentType, retryAfter: 2);
        await stack.PostAsync("A", Start, 10);
        await stack.AssertSameAsync();

        var batches = stack.Fleet.Measurements;
        Assert.Equal([status, status, status, 200], batches.Select(batch => batch.Status));
        Assert.Single(batches.Select(batch => batch.BatchId).Distinct());
        Assert.Null((await stack.StateAsync())!.LastError);
    }

    [PostgresFact]
    public async Task A_connection_that_breaks_off_before_the_answer_is_followed_by_the_very_same_batch()
    {
        await using var stack = await FilledAsync();
        var times = 2;
        stack.Fleet.After = (http, batch) =>
        {
            if (batch.BatchType == "measurements" && Interlocked.Decrement(ref times) >= 0)
            {
                http.Abort();
            }

            return Task.FromResult(false);
        };
        await stack.PostAsync("A", Start, 10);
        await stack.AssertSameAsync();

        Assert.Equal(3, stack.Fleet.Measurements.Count);
        Assert.Single(stack.Fleet.Measurements.Select(batch => batch.BatchId).Distinct());
    }

    [PostgresFact]
    public async Task An_error_is_shown_while_it_lasts_and_heartbeats_go_on()
    {
        await using var stack = await FilledAsync();
        stack.Fleet.Fail(500, times: int.MaxValue, "measurements");
        await stack.PostAsync("A", Start, 10);
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Measurements.Count > 3), "it is tried again");
        var beats = stack.Fleet.Batches.Count(batch => batch.BatchType == "heartbeat");
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Batches.Count(batch => batch.BatchType == "heartbeat") > beats + 1), "heartbeats go on");

        var state = (await stack.StateAsync())!;
        Assert.Contains("failed (500: Not this time. Told to fail). Nothing is lost", state.LastError, StringComparison.Ordinal);
        Assert.Equal((false, 10L, 0), (state.Paused, state.Rows, state.SetAside));
        Assert.True(state.Waiting > TimeSpan.Zero);

        stack.Fleet.Fail(500, times: 0);
        await stack.AssertSameAsync();
        Assert.Null((await stack.StateAsync())!.LastError);
    }

    [PostgresFact]
    public async Task A_batch_that_is_too_large_is_split_until_it_fits_and_a_row_that_never_fits_is_set_aside()
    {
        await using var stack = await FilledAsync();
        stack.Fleet.Before = (http, batch) =>
        {
            var tooLarge = batch.BatchType == "measurements" && (batch.Rows.Count > 7 || batch.Times.Contains(Start.AddMinutes(20)));
            http.Response.StatusCode = tooLarge ? 413 : 200;
            return Task.FromResult(tooLarge);
        };
        await stack.PostAsync("A", Start, 50);
        await Eventually.TrueAsync(async () => await stack.NotesAsync() == 0, "all is dealt with");

        Assert.Equal(49, stack.Fleet.Rows().Count);
        Assert.DoesNotContain(stack.Fleet.Rows().Keys, row => row.Time == Start.AddMinutes(20));
        Assert.Equal(1, (await stack.StateAsync())!.SetAside);
        Assert.Equal(
            """[{"last": "2026-11-01T06:20:00+00:00", "first": "2026-11-01T06:20:00+00:00", "externalId": "A"}]""",
            await stack.Host.Catalogue.ScalarAsync<string>("""SELECT "Ranges"::text FROM monitoring."FleetPushRefusals" WHERE "Status" = 413 AND "Rows" = 1""")
        );
    }

    [PostgresTheory]
    [InlineData(400, 1)]
    [InlineData(415, 2)] // asked once more without compression
    [InlineData(422, 1)]
    public async Task A_batch_that_is_refused_for_good_is_set_aside_and_the_next_go_on(int status, int requests)
    {
        await using var stack = await FilledAsync(new() { ["FleetIngest:BatchSize"] = "10" });
        stack.Fleet.Fail(status, requests, "measurements");
        await stack.PostAsync("A", Start, 30);
        await Eventually.TrueAsync(async () => await stack.NotesAsync() == 0, "all is dealt with");

        Assert.Equal(20, stack.Fleet.Rows().Count);
        Assert.Equal(requests, stack.Fleet.Measurements.Count(batch => batch.Status == status));
        Assert.Equal((1, 0L), ((await stack.StateAsync())!.SetAside, (await stack.StateAsync())!.RejectedRows));
        Assert.Equal(
            10,
            await stack.Host.Catalogue.ScalarAsync<int>(
                """
                SELECT "Rows" FROM monitoring."FleetPushRefusals"
                 WHERE "Status" = $1 AND "BatchType" = 'measurements' AND "Reason" LIKE '%Not this time%' AND "Ranges" -> 0 ->> 'externalId' = 'A'
                """,
                status
            )
        );
    }

    [PostgresFact]
    public async Task A_receiver_without_zstd_gets_plain_bodies()
    {
        await using var stack = await FilledAsync(new() { ["FleetIngest:BatchSize"] = "10" });
        stack.Fleet.Before = (http, batch) =>
        {
            var isCompressed = batch.Headers.ContainsKey("Content-Encoding");
            http.Response.StatusCode = isCompressed ? 415 : 200;
            return Task.FromResult(isCompressed);
        };
        await stack.PostAsync("A", Start, 30);
        await stack.AssertSameAsync();

        Assert.Equal([415, 200, 200, 200], stack.Fleet.Measurements.Select(batch => batch.Status));
    }

    [PostgresFact]
    public async Task A_fleet_that_refuses_heartbeats_gets_nothing_else_and_nothing_is_set_aside()
    {
        await using var stack = await PushStack.StartAsync(prepare: async stack =>
        {
            await stack.DeviceAsync(await stack.SiteAsync(), "A");
            await stack.PostAsync("A", Start, 10);
            stack.Fleet.Fail(400, times: int.MaxValue);
        });
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Batches.Count > 3), "it is tried again");

        Assert.All(stack.Fleet.Batches, batch => Assert.Equal("heartbeat", batch.BatchType));
        await Eventually.TrueAsync(async () => (await stack.StateAsync())?.LastError?.Contains("Update it first", StringComparison.Ordinal) == true, "the error is shown");
        Assert.Equal(0, (await stack.StateAsync())!.SetAside);
        stack.Fleet.Fail(400, times: 0);
        await stack.AssertSameAsync();
    }

    [PostgresTheory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_stack_that_is_refused_keeps_everything_and_goes_on_when_it_is_taken_again(int status)
    {
        await using var stack = await FilledAsync();
        stack.Fleet.Fail(status, times: int.MaxValue);
        await stack.PostAsync("A", Start, 10);
        await Eventually.TrueAsync(async () => (await stack.StateAsync())!.Paused, "it is paused");
        await stack.PostAsync("A", Start.AddDays(1), 10);

        var state = (await stack.StateAsync())!;
        Assert.Contains($"refuses this stack ({status}: Not this time. Told to fail). Everything is kept.", state.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Fleet.Token.Reveal(), state.LastError, StringComparison.Ordinal);
        Assert.Empty(stack.Fleet.Rows());
        Assert.Equal(2, await stack.NotesAsync());

        stack.Fleet.Fail(status, times: 0);
        await stack.AssertSameAsync();
        Assert.False((await stack.StateAsync())!.Paused);
    }

    [PostgresFact]
    public async Task A_device_that_the_fleet_does_not_know_gets_the_catalogue_pushed_and_its_rows_once_more()
    {
        await using var stack = await FilledAsync();
        await stack.PostAsync("A", Start, 10);
        await stack.AssertSameAsync();
        stack.Fleet.ForgetDevices();
        await stack.PostAsync("A", Start.AddHours(1), 10);
        await stack.AssertSameAsync();

        Assert.Equal(0, (await stack.StateAsync())!.RejectedRows);
        var last = stack.Fleet.Batches.Where(batch => batch.BatchType != "heartbeat").TakeLast(4).ToArray();
        Assert.Equal(["measurements", "sites", "devices", "measurements"], last.Select(batch => batch.BatchType));
        Assert.NotEqual(last[0].BatchId, last[3].BatchId);
        Assert.Equal(last[0].Times, last[3].Times);
    }

    [PostgresFact]
    public async Task Rows_that_stay_rejected_are_recorded_and_nobody_waits_for_them()
    {
        await using var stack = await FilledAsync();
        await stack.DeviceAsync(await stack.SiteAsync(), "B");
        await stack.PostAsync("B", Start, 5);
        await stack.AssertSameAsync();
        stack.Fleet.Before = (_, batch) =>
        {
            if (batch.BatchType == "devices")
            {
                stack.Fleet.RefusedDevices.Add("A");
            }

            return Task.FromResult(false);
        };
        stack.Fleet.ForgetDevices();
        await stack.PostAsync("A", Start, 3);
        await stack.PostAsync("B", Start.AddHours(1), 4);
        await Eventually.TrueAsync(async () => await stack.NotesAsync() == 0, "all is dealt with");

        Assert.Equal(9, stack.Fleet.Rows().Count);
        Assert.Equal((0, 3L), ((await stack.StateAsync())!.SetAside, (await stack.StateAsync())!.RejectedRows));
        Assert.Equal(
            "unknown-device: 3, such as one of A",
            await stack.Host.Catalogue.ScalarAsync<string>("""SELECT "Reason" FROM monitoring."FleetPushRefusals" WHERE "Status" = 200 AND "BatchType" = 'measurements'""")
        );

        // Known to be futile: no catalogue a batch.
        var catalogues = stack.Fleet.Batches.Count(batch => batch.BatchType == "devices");
        await stack.PostAsync("A", Start.AddHours(2), 3);
        await Eventually.TrueAsync(async () => (await stack.StateAsync())!.RejectedRows == 6, "they are rejected too");
        Assert.Equal(catalogues, stack.Fleet.Batches.Count(batch => batch.BatchType == "devices"));
    }

    // A stack with one device, that has pushed its catalogue.
    private static async Task<PushStack> FilledAsync(Dictionary<string, string>? settings = null)
    {
        var stack = await PushStack.StartAsync(settings, async stack => await stack.DeviceAsync(await stack.SiteAsync(), "A"));
        stack.Fleet.LedgerStatus = 404; // it would have pushed again what was refused
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Catalogue.ContainsKey("A")), "the catalogue is pushed");
        return stack;
    }
}
