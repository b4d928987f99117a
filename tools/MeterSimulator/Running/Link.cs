namespace MeterSimulator.Running;

/// <summary>The fleet's way to the portal: cut off for a while, by the simulated clock.</summary>
internal sealed class Link(SimulatedClock clock, DateTimeOffset downFrom, TimeSpan length)
{
    public DateTimeOffset DownFrom { get; } = downFrom;

    public DateTimeOffset UpAgain { get; } = downFrom + length;

    public bool IsUp => clock.Now is var now && (now < DownFrom || now >= UpAgain);

    public Task WaitUntilUpAsync(CancellationToken cancellation) =>
        IsUp ? Task.CompletedTask : clock.WaitUntilAsync(UpAgain, cancellation);
}
