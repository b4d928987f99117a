namespace MeterSimulator.Portal;

internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How long a server asked us to wait; null if it did not say. Never more than ten minutes.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? (asked?.Date is { } until ? until - time.GetUtcNow() : null);
        return wait is { } span ? TimeSpan.FromTicks(Math.Clamp(span.Ticks, 0, Longest.Ticks)) : null;
    }
}
