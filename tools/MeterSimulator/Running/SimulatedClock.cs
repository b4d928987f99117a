namespace MeterSimulator.Running;

/// <summary>Starts in the past, runs quicker than the true clock until it has caught up with it, and then is the true clock.</summary>
internal sealed class SimulatedClock(TimeProvider time, DateTimeOffset start, double speed)
{
    private readonly DateTimeOffset _trueStart = time.GetUtcNow();

    public DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            var simulated = start + ((now - _trueStart) * speed);
            return simulated < now ? simulated : now;
        }
    }

    public async Task WaitUntilAsync(DateTimeOffset moment, CancellationToken cancellation)
    {
        for (; ; )
        {
            var now = Now;
            if (now >= moment) return;
            var pace = now < time.GetUtcNow() ? speed : 1;
            // Timers tick in milliseconds; a wait that is rounded down would spin.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(((moment - now) / pace).TotalMilliseconds));
            await Task.Delay(wait, time, cancellation);
        }
    }
}
