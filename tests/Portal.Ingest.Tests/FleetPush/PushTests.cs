using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>What is stored is pushed, in order, and nothing else.</summary>
public sealed class PushTests
{
    private static readonly DateTimeOffset Now = At(TimeProvider.System.GetUtcNow().AddHours(-3));

    [PostgresFact]
    public async Task Sites_devices_and_measurements_arrive_with_their_very_values_and_filled_columns_follow()
    {
        await using var stack = await PushStack.StartAsync();
        var site = await stack.SiteAsync();
        await stack.DeviceAsync(site, "A \"1\"");
        await stack.PostAsync("A \\\"1\\\"", Now, 120, ""","activePowerKw":12.34,"loadType":"C","powerFactor":-0.7071""");
        await stack.AssertSameAsync();

        Assert.Equal("Africa/Johannesburg", stack.Fleet.Catalogue[site.ToString()].GetProperty("timeZone").GetString());
        var device = stack.Fleet.Catalogue["A \"1\""];
        Assert.Equal((site.ToString(), "main"), (device.GetProperty("siteExternalId").GetString(), device.GetProperty("role").GetString()));
        Assert.All(stack.Fleet.Batches, batch => Assert.Equal((2, 7), (batch.ProtocolVersion, batch.BatchId.Version)));
        Assert.All(stack.Fleet.Measurements, batch => Assert.Equal("zstd", batch.Headers["Content-Encoding"]));

        // Another logger of the same meter.
        await stack.PostAsync("A \\\"1\\\"", Now.AddMinutes(30), 3, ""","frequencyHz":49.98""");
        await stack.AssertSameAsync();
        Assert.Equal(3, stack.Fleet.Measurements[^1].Rows.Count);
    }

    [PostgresFact]
    public async Task A_heartbeat_goes_out_also_when_there_is_nothing_to_push()
    {
        await using var stack = await PushStack.StartAsync(prepare: stack =>
            stack.Host.Catalogue.ExecuteAsync("""INSERT INTO portal."Backups" ("StartedAt", "EndedAt", "Ok") VALUES (now(), '2026-11-20T01:00Z', true)""")
        );
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Batches.Count(batch => batch.BatchType == "heartbeat") > 3), "heartbeats come in");

        var client = stack.Fleet.Batches.First().Client!.Value;
        Assert.Equal((2, 0L), (client.GetProperty("protocolVersion").GetInt32(), client.GetProperty("backlogRows").GetInt64()));
        Assert.False(string.IsNullOrEmpty(client.GetProperty("softwareVersion").GetString()));
        Assert.True(TimeProvider.System.GetUtcNow() - client.GetProperty("clock").GetDateTimeOffset() < TimeSpan.FromMinutes(5));
        Assert.Equal(JsonValueKind.Null, client.GetProperty("newestTime").ValueKind);
        Assert.True(client.GetProperty("diskFreeBytes").GetInt64() > 0);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 1, 0, 0, default), client.GetProperty("lastBackupAt").GetDateTimeOffset());

        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Now, 5);
        await stack.AssertSameAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(stack.Fleet.Batches.Last(batch => batch.BatchType == "heartbeat").Client!.Value.GetProperty("newestTime") is { ValueKind: JsonValueKind.String } newest && newest.GetDateTimeOffset() == Now.AddMinutes(4)),
            "the heartbeat tells the newest time"
        );
        // No other batch is sent where nothing has changed.
        var others = stack.Fleet.Batches.Count(batch => batch.BatchType != "heartbeat");
        var beats = stack.Fleet.Batches.Count;
        await Eventually.TrueAsync(() => Task.FromResult(stack.Fleet.Batches.Count > beats + 3), "more heartbeats come in");
        Assert.Equal(others, stack.Fleet.Batches.Count(batch => batch.BatchType != "heartbeat"));
    }

    [PostgresFact]
    public async Task Newest_rows_go_first_and_every_fourth_batch_is_of_those_that_wait_longest()
    {
        await using var stack = await PushStack.StartAsync(
            new() { ["FleetIngest:BatchSize"] = "60" },
            async stack =>
            {
                await stack.DeviceAsync(await stack.SiteAsync(), "A");
                for (var day = 1; day <= 12; day++)
                {
                    await stack.PostAsync("A", Now.Date.AddDays(-day), 60);
                }
            }
        );
        await stack.AssertSameAsync();

        var days = stack.Fleet.Measurements.Select(batch => (int)(Now.Date - batch.Times.First().UtcDateTime.Date).TotalDays).ToArray();
        Assert.Equal([1, 2, 3, 12, 4, 5, 6, 11, 7, 8, 9, 10], days);
        Assert.All(stack.Fleet.Measurements, batch => Assert.Equal(60, batch.Rows.Count));
    }

    [PostgresFact]
    public async Task Rows_that_arrive_while_a_push_is_under_way_are_pushed_too()
    {
        await using var stack = await PushStack.StartAsync(new() { ["FleetIngest:BatchSize"] = "50" });
        var site = await stack.SiteAsync();
        string[] serials = ["A", "B", "C"];
        foreach (var serial in serials)
        {
            await stack.DeviceAsync(site, serial);
        }

        // Late, early, over each other, and columns filled afterwards, all while batches are on their way.
        var posting = serials.Select(serial => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await stack.PostAsync(serial, Now.AddDays(-(i * 7 % 5)).AddMinutes(i * 3), 20);
                await stack.PostAsync(serial, Now.AddDays(-(i * 7 % 5)).AddMinutes(i * 3), 10, ""","frequencyHz":50.01""");
            }
        }));
        await Task.WhenAll(posting);

        await stack.AssertSameAsync();
    }

    [PostgresFact]
    public async Task A_site_that_is_deleted_goes_from_the_fleet_after_its_devices_moved_and_again_from_one_that_was_put_back()
    {
        await using var stack = await PushStack.StartAsync();
        var (old, kept) = (await stack.SiteAsync(), await stack.SiteAsync());
        var device = await stack.DeviceAsync(old, "A");
        await stack.PostAsync("A", Now, 10);
        await stack.AssertSameAsync();
        var pushed = stack.Fleet.Catalogue[old.ToString()];

        await stack.Host.Catalogue.ExecuteAsync("""UPDATE monitoring."Devices" SET "SiteId" = $1 WHERE "Id" = $2""", kept, device);
        await stack.DeleteSiteAsync(old);
        await UntilGoneAsync("the fleet has deleted it");
        Assert.Equal(kept.ToString(), stack.Fleet.Catalogue["A"].GetProperty("siteExternalId").GetString());
        var batches = stack.Fleet.Batches.Where(batch => batch.BatchType is "sites" or "devices").ToList();
        var deleting = Assert.Single(batches, batch => batch.BatchType == "sites" && batch.Rows.Any(row => row.TryGetProperty("deleted", out _)));
        Assert.Equal(batches[^1], deleting);

        stack.Fleet.Catalogue[old.ToString()] = pushed;
        stack.Fleet.Fail(503, batchType: "heartbeat");
        await UntilGoneAsync("it is deleted there again once the fleet was away");
        await stack.AssertSameAsync();

        Task UntilGoneAsync(string what) => Eventually.TrueAsync(() => Task.FromResult(!stack.Fleet.Catalogue.ContainsKey(old.ToString())), what);
    }

    [PostgresFact]
    public async Task A_device_that_is_deleted_and_created_again_leaves_nothing_of_the_old_one_in_the_fleet()
    {
        await using var stack = await PushStack.StartAsync();
        var site = await stack.SiteAsync();
        var device = await stack.DeviceAsync(site, "A");
        await stack.DeviceAsync(site, "B");
        await stack.PostAsync("A", Now, 10);
        await stack.PostAsync("B", Now, 10);
        await stack.AssertSameAsync();

        // At once, so that the fleet hears of both in one push.
        await stack.DeleteAsync(device);
        device = await stack.DeviceAsync(site, "A");
        await stack.PostAsync("A", Now.AddMinutes(5), 10);
        await stack.AssertSameAsync();

        await stack.DeleteAsync(device);
        await stack.AssertSameAsync();
        await Eventually.TrueAsync(() => Task.FromResult(!stack.Fleet.Catalogue.ContainsKey("A")), "the fleet has deleted it");
        Assert.Equal(10, stack.Fleet.Rows().Count);
    }

    [PostgresFact]
    public async Task Switched_off_nothing_is_kept_and_switched_on_again_all_of_it_is_pushed()
    {
        await using var stack = await PushStack.StartAsync();
        var site = await stack.SiteAsync();
        var device = await stack.DeviceAsync(site, "A");
        await stack.PostAsync("A", Now, 10);
        await stack.AssertSameAsync();

        await stack.RestartAsync(new() { ["FleetIngest:Enabled"] = "false" });
        await Eventually.TrueAsync(async () => await stack.StateAsync() is null, "the push is off");
        var batches = stack.Fleet.Batches.Count;
        await stack.PostAsync("A", Now.AddHours(1), 10);
        await stack.DeleteAsync(device);
        await stack.DeviceAsync(site, "B");
        await stack.PostAsync("B", Now, 20);
        Assert.Equal(0, await stack.NotesAsync());
        Assert.Equal(batches, stack.Fleet.Batches.Count);

        await stack.RestartAsync();
        await stack.AssertSameAsync();
        Assert.Equal(20, stack.Fleet.Rows().Count);
    }

    [PostgresFact]
    public async Task A_fleet_of_the_version_before_takes_all_of_it()
    {
        // Version 1 knows no protocolVersion and refuses fields that it doesn't know of measurements and heartbeats: replace.
        await using var stack = await PushStack.StartAsync();
        stack.Fleet.Before = async (http, batch) =>
        {
            string[] known = ["batchId", "batchType", "sentAt", "rows", "protocolVersion", "client"];
            if (batch.Names.All(known.Contains))
            {
                return false;
            }

            http.Response.StatusCode = 400;
            await http.Response.WriteAsync("{}");
            return true;
        };
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Now, 10);

        await stack.AssertSameAsync();
        Assert.DoesNotContain(stack.Fleet.Batches, batch => batch.Status != 200);
    }

    [PostgresFact]
    public async Task A_push_belongs_to_a_trace_that_is_linked_with_the_posts_it_carries()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Portal.FleetPush",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        // Without a receiver nothing is gathered.
        await using var stack = await PushStack.StartAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" });
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        stack.Fleet.Fail(500, int.MaxValue, "measurements");
        await stack.PostAsync("A", Now, 10);
        var post = await stack.Host.Catalogue.ScalarAsync<string>("""SELECT "TraceParent" FROM monitoring."OutboxRanges" """);
        stack.Fleet.Fail(500, 0);
        await stack.AssertSameAsync();

        var span = spans.Single(span => span.GetTagItem("portal.batch") is Guid batch && batch == stack.Fleet.Measurements[^1].BatchId && span.Status != ActivityStatusCode.Error);
        Assert.Equal("push measurements", span.DisplayName);
        Assert.Equal(ActivityContext.Parse(post!, null).SpanId, Assert.Single(span.Links).Context.SpanId);
        Assert.Contains(span.TraceId.ToString(), stack.Fleet.Measurements[^1].Headers["traceparent"], StringComparison.Ordinal);
        var traces = stack.Fleet.Batches.Select(batch => batch.Headers.GetValueOrDefault("traceparent")).ToList();
        Assert.All(traces, trace => Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", trace));
        Assert.Equal(traces.Count, traces.Distinct().Count());
    }

    private static DateTimeOffset At(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
