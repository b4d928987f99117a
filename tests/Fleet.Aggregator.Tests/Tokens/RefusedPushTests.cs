using Fleet.Aggregator.Events;
using Fleet.Aggregator.Push;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Tokens;

public sealed class RefusedPushTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));

    [PostgresFact]
    public async Task An_endless_loop_of_401_leaves_one_event_a_minute_that_says_how_many_there_were()
    {
        using var stack = await app.RegisterAsync();
        var refused = Refused();
        for (var minute = 0; minute < 3; minute++)
        {
            for (var i = 0; i < 100; i++)
            {
                await refused.NoteAsync(new PushReceipt(stack.Id, clock), PushRefusal.CustomerDisabled);
            }

            clock.Advance(TimeSpan.FromMinutes(1));
        }

        var events = await app.EventsAsync(stack.Id);
        Assert.Equal(3, events.Count);
        Assert.DoesNotContain("more like it", events[0].Error, StringComparison.Ordinal);
        Assert.EndsWith("(And 99 more like it since the event before.)", events[2].Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Batches_refused_for_what_they_are_leave_thirty_events_a_minute()
    {
        using var stack = await app.RegisterAsync();
        var refused = Refused();
        var refusal = PushRefusal.From(new UnreadableBatchException(BatchFault.Malformed, new string('x', 2_000)), saysJson: true);
        for (var i = 0; i < 50; i++)
        {
            await refused.NoteAsync(new PushReceipt(stack.Id, clock), refusal, Guid.CreateVersion7(), "measurements");
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        await refused.NoteAsync(new PushReceipt(stack.Id, clock), refusal);

        var events = await app.EventsAsync(stack.Id);
        Assert.Equal(31, events.Count);
        Assert.All(events, left => Assert.InRange(left.Error!.Length, 1, 500));
        Assert.EndsWith("(And 20 more like it since the event before.)", events[^1].Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task One_customers_refusals_use_up_nobody_elses()
    {
        using var one = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        var refused = Refused();
        await refused.NoteAsync(new PushReceipt(one.Id, clock), PushRefusal.CustomerDisabled);
        await refused.NoteAsync(new PushReceipt(other.Id, clock), PushRefusal.CustomerDisabled);
        await refused.NoteAsync(new PushReceipt(one.Id, clock), PushRefusal.TooBusy);

        Assert.Equal([401, 503], (await app.EventsAsync(one.Id)).Select(left => left.Status));
        Assert.Single(await app.EventsAsync(other.Id));
    }

    [PostgresFact]
    public async Task A_customer_that_is_deleted_meanwhile_leaves_none()
    {
        await Refused().NoteAsync(new PushReceipt(2_000_000_000, clock), PushRefusal.CustomerDisabled);
        Assert.Empty(await app.EventsAsync(2_000_000_000));
    }

    [PostgresFact]
    public async Task A_refusal_does_not_wait_for_long_while_its_customer_is_being_deleted_and_is_counted_later()
    {
        using var stack = await app.RegisterAsync();
        var refused = Refused();
        await using (await app.HoldAsync(stack, "FOR UPDATE"))
        {
            await refused.NoteAsync(new PushReceipt(stack.Id, clock), PushRefusal.CustomerDisabled);
            Assert.Empty(await app.EventsAsync(stack.Id));
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        await refused.NoteAsync(new PushReceipt(stack.Id, clock), PushRefusal.CustomerDisabled);
        Assert.EndsWith("(And 1 more like it since the event before.)", Assert.Single(await app.EventsAsync(stack.Id)).Error, StringComparison.Ordinal);
    }

    private RefusedPushes Refused() => new(app.Services.GetRequiredService<IngestEventWriter>(), clock, NullLogger<RefusedPushes>.Instance);
}
