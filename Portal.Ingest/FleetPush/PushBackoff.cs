namespace Portal.Ingest.FleetPush;

/// <summary>How long to wait before the same batch is sent again: 1 s doubling to 60 s, with a fifth of jitter, so that a fleet doesn't return in step.</summary>
internal static class PushBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <param name="failures">In a row, 1 at least.</param>
    public static TimeSpan After(int failures)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return (doubled < Longest ? doubled : Longest) * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }
}
