using Microsoft.Extensions.Time.Testing;
using Portal.Gateway.Limits;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Tests.Limits;

public sealed class RateBucketsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_caller_may_take_the_burst_at_once_and_then_the_rate()
    {
        var buckets = new RateBuckets(time);
        var rate = new Rate(2, 5);

        for (var i = 0; i < 5; i++) Assert.Null(buckets.Take("me", rate));
        Assert.Equal(TimeSpan.FromSeconds(0.5), buckets.Take("me", rate));
        // Asking in vain costs nothing.
        Assert.Equal(TimeSpan.FromSeconds(0.5), buckets.Take("me", rate));

        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(buckets.Take("me", rate));
        Assert.NotNull(buckets.Take("me", rate));

        time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++) Assert.Null(buckets.Take("me", rate));
        Assert.NotNull(buckets.Take("me", rate));
    }

    [Fact]
    public void Callers_are_counted_apart()
    {
        var buckets = new RateBuckets(time);
        var rate = new Rate(1, 1);

        Assert.Null(buckets.Take("me", rate));
        Assert.NotNull(buckets.Take("me", rate));
        Assert.Null(buckets.Take("you", rate));
    }

    [Fact]
    public void Four_thousand_posts_a_second_of_one_key_for_a_minute_are_never_refused()
    {
        var buckets = new RateBuckets(time);

        for (var millisecond = 0; millisecond < 60_000; millisecond++)
        {
            for (var post = 0; post < 4; post++) Assert.Null(buckets.Take("key", Rate.Usual[RateKind.Ingest]));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void More_callers_than_have_a_place_refuse_nobody_who_asks_for_the_first_time()
    {
        var buckets = new RateBuckets(time);
        var rate = new Rate(0.01, 1);

        Assert.All(Enumerable.Range(0, 200_000), caller => Assert.Null(buckets.Take($"caller {caller}", rate)));
    }

    [Fact]
    public void Many_at_the_same_time_get_no_more_than_the_burst()
    {
        var buckets = new RateBuckets(time);
        var admitted = 0;

        Parallel.For(0, 10_000, _ =>
        {
            if (buckets.Take("me", new Rate(1, 100)) is null) Interlocked.Increment(ref admitted);
        });

        Assert.Equal(100, admitted);
    }
}
