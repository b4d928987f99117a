using Portal.Api.Auth;

namespace Portal.Api.Tests;

public sealed class FailureCounterTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_never_remembers_more_keys_than_its_bound_and_forgets_the_oldest_first()
    {
        var counter = new FailureCounter(1, new SignInLimits());
        for (var i = 0; i < FailureCounter.MaxKeys * 2; i++)
        {
            counter.Add((UInt128)i, Start.AddMilliseconds(i));
            Assert.True(counter.Count <= FailureCounter.MaxKeys);
        }

        var now = Start.AddMilliseconds(FailureCounter.MaxKeys * 2);
        Assert.Equal(TimeSpan.Zero, counter.Pause(0, now));
        Assert.True(counter.Pause((UInt128)(FailureCounter.MaxKeys * 2 - 1), now) > TimeSpan.Zero);
    }

    [Fact]
    public void Failures_are_forgotten_after_a_quiet_hour()
    {
        var counter = new FailureCounter(2, new SignInLimits());
        counter.Add(1, Start);
        counter.Add(1, Start + TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, counter.Pause(1, Start + TimeSpan.FromHours(1)));
        counter.Add(1, Start + TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(30), counter.Pause(1, Start + TimeSpan.FromHours(1)));
    }
}
