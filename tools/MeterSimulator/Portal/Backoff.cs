namespace MeterSimulator.Portal;

/// <summary>1 s, doubling to a minute, each between the half and the whole of it so that a fleet does not come back in step.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private int _failures;

    public TimeSpan Next()
    {
        var whole = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, _failures), Longest.TotalSeconds));
        if (whole < Longest) _failures++;
        // Only when to knock again is left to chance; what is posted never is.
#pragma warning disable CA5394
        return whole * (0.5 + (0.5 * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }
}
