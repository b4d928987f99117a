namespace Portal.Ingest.Tests.FleetPush;

/// <summary>
/// A clock on which a minute of waiting takes a second or so: timers and elapsed times run faster, the time of day does not. What was waited for
/// is what a test may ask about.
/// </summary>
internal sealed class FastClock : TimeProvider
{
    private const int Factor = 50;

    private readonly long start = TimeProvider.System.GetTimestamp();

    public override long TimestampFrequency => TimeProvider.System.TimestampFrequency;

    public override long GetTimestamp() => start + ((TimeProvider.System.GetTimestamp() - start) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TimeProvider.System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private static TimeSpan Shorten(TimeSpan time) => time <= TimeSpan.Zero ? time : time / Factor;
}
