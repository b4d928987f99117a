namespace Portal.AppHost.Processes;

/// <summary>How long to wait before a child that ended by itself is started again.</summary>
public sealed record Backoff
{
    /// <summary>Before the first new start; doubles each time.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A child that ran this long has earned a fresh count.</summary>
    public TimeSpan ForgivenAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before the next start after so many ends in a row.</summary>
    public TimeSpan After(int endsInARow)
    {
        // 2^16 × half a second is far beyond any longest wait; the cap keeps the shift in range.
        var wait = First * (1 << Math.Clamp(endsInARow - 1, 0, 16));
        return wait < Longest ? wait : Longest;
    }
}
