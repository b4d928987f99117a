namespace Portal.Data.Tests.Measurements;

/// <summary>A clock that says what the test wants, while timers run as always: a write that waits for another one really waits.</summary>
internal sealed class TestClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
