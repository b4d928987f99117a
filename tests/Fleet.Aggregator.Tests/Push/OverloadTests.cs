using System.Net;
using Fleet.Aggregator.Push;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class SmallLimitsApp : AggregatorApp
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["Push:ConcurrentBatches"] = "3", ["Push:RowsPerMinute"] = "50000", ["Push:BatchesPerMinute"] = "1000" };
}

public sealed class OverloadTests(SmallLimitsApp app) : IClassFixture<SmallLimitsApp>
{
    [PostgresFact]
    public async Task A_customer_with_too_many_batches_under_way_is_told_to_wait_and_nobody_else_is()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        Task<HttpResponseMessage>[] under;
        await using (await app.HoldAsync(stack))
        {
            under = await app.OccupyAsync(() => stack.SendAsync(Pusher.Batch("measurements", "[]")));

            using var refused = await stack.SendAsync(Pusher.Batch("measurements", "[]"));
            await Problem.AssertAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        }

        Assert.All(await Task.WhenAll(under), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await other.PushAsync("measurements", "[]");
        await stack.PushAsync("measurements", "[]");
        Assert.Equal([200, 200, 200, 200, 429], (await app.EventsAsync(stack.Id)).Select(left => left.Status).Order());
    }

    [PostgresFact]
    public async Task A_customer_that_sends_too_many_rows_a_minute_is_told_when_to_go_on_and_its_batch_is_taken_then()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        var many = "[" + string.Join(',', Enumerable.Repeat("0", 49_000)) + "]";
        var id = Guid.CreateVersion7();
        await stack.PushAsync("measurements", many);

        using var refused = await stack.SendAsync(Pusher.Batch("measurements", many, id));

        await Problem.AssertAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var left = (await app.EventsAsync(stack.Id))[^1];
        Assert.Equal((id, 429, 49_000), (left.BatchId, left.Status, left.Rows.Received));
        await other.PushAsync("measurements", many);
        // The same id is taken later on: a refusal is no memory of a batch.
        await stack.PushAsync("measurements", "[]", id);
    }

    [PostgresFact]
    public async Task A_full_queue_is_503_and_stores_nothing()
    {
        using var one = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        using var third = await app.RegisterAsync();
        var queue = app.Services.GetRequiredService<PushQueue>();
        List<PushTicket> filling = [];
        Task<HttpResponseMessage>[] busy;
        await using (await app.HoldAsync(one))
        {
            busy = await app.OccupyAsync(() => one.SendAsync(Pusher.Batch("measurements", "[]")));
            while (new PushTicket(new PushedBatch(2, Guid.CreateVersion7(), "heartbeat", false) { Client = new(2, null, null, 0, null, null, null) }, new PushReceipt(third.Id, TimeProvider.System)) is var ticket && queue.TryEnqueue(ticket))
            {
                filling.Add(ticket);
            }

            using var refused = await other.SendAsync(Pusher.Batch("measurements", "[]"));
            await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        }

        Assert.All(await Task.WhenAll(busy), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await Task.WhenAll(filling.Select(ticket => ticket.Result));
        Assert.Equal([503], (await app.EventsAsync(other.Id)).Select(left => left.Status));
        await other.PushAsync("measurements", "[]");
    }
}
