using Fleet.Aggregator.Push;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class CustomerLimitsTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly CustomerLimits limits;

    public CustomerLimitsTests() =>
        limits = new CustomerLimits(Options.Create(new PushOptions { ConcurrentBatches = 2, BatchesPerMinute = 60, RowsPerMinute = 60_000 }), clock);

    [Fact]
    public void A_customer_has_so_many_batches_under_way_and_leaves_room_to_others()
    {
        var (first, _) = limits.Enter(1);
        using var second = limits.Enter(1).Entry;
        Assert.Equal(429, limits.Enter(1).Refusal!.Status);
        Assert.NotNull(limits.Enter(2).Entry);

        first!.Dispose();
        Assert.NotNull(limits.Enter(1).Entry);
    }

    [Fact]
    public void Batches_of_a_minute_may_come_at_once_and_then_at_the_pace_of_the_limit()
    {
        for (var i = 0; i < 60; i++)
        {
            limits.Enter(1).Entry!.Dispose();
        }

        var refusal = limits.Enter(1).Refusal!;
        Assert.Equal((429, 1), (refusal.Status, refusal.RetryAfterSeconds));
        clock.Advance(TimeSpan.FromSeconds(1));
        limits.Enter(1).Entry!.Dispose();
        Assert.NotNull(limits.Enter(1).Refusal);
    }

    [Fact]
    public void Too_many_rows_are_told_when_there_is_room_for_them_again()
    {
        using var entry = limits.Enter(1).Entry!;
        Assert.Null(entry.TakeRows(50_000));

        var refusal = entry.TakeRows(40_000)!;

        Assert.Equal(30, refusal.RetryAfterSeconds);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.NotNull(entry.TakeRows(40_000));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(entry.TakeRows(40_000));
    }

    [Fact]
    public void What_a_quiet_hour_saves_up_is_one_minutes_worth()
    {
        using var entry = limits.Enter(1).Entry!;
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(entry.TakeRows(60_000));
        Assert.NotNull(entry.TakeRows(1));
    }
}
