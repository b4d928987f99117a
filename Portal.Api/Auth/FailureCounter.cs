namespace Portal.Api.Auth;

/// <summary>Counts failures by key, in bounded memory. Not thread-safe.</summary>
/// <param name="threshold">The failure that starts the first pause.</param>
internal sealed class FailureCounter(int threshold, SignInLimits limits)
{
    /// <summary>
    /// Most keys remembered, some 100 bytes each. Beyond, those that failed longest ago are forgotten; to push one out, an
    /// attacker needs ten thousand other failures, and <see cref="SignInLimits.FailuresPerAddress"/> allows none of that quickly.
    /// </summary>
    public const int MaxKeys = 10_000;

    private readonly Dictionary<UInt128, Failures> byKey = [];

    public int Count => byKey.Count;

    /// <summary>How long the key has still to wait; zero where it need not.</summary>
    public TimeSpan Pause(UInt128 key, DateTimeOffset now)
    {
        if (!byKey.TryGetValue(key, out var failures) || failures.Count < threshold) return TimeSpan.Zero;
        var left = failures.LastAt + PauseAfter(failures.Count) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Add(UInt128 key, DateTimeOffset now)
    {
        var known = byKey.TryGetValue(key, out var failures) && now - failures.LastAt < limits.ForgetAfter;
        if (!known && byKey.Count >= MaxKeys) MakeRoom(now);
        byKey[key] = new Failures(known ? failures.Count + 1 : 1, now);
    }

    public void Forget(UInt128 key) => byKey.Remove(key);

    private TimeSpan PauseAfter(int count)
    {
        var doublings = Math.Min(count - threshold, 30);
        var pause = limits.FirstPause * Math.Pow(2, doublings);
        return pause < limits.LongestPause ? pause : limits.LongestPause;
    }

    // A tenth at a time, so that a flood pays for one sorting in a thousand failures.
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var key in byKey.Where(entry => now - entry.Value.LastAt >= limits.ForgetAfter).Select(entry => entry.Key).ToList())
            byKey.Remove(key);
        if (byKey.Count < MaxKeys) return;
        foreach (var key in byKey.OrderBy(entry => entry.Value.LastAt).Take(MaxKeys / 10).Select(entry => entry.Key).ToList())
            byKey.Remove(key);
    }

    private readonly record struct Failures(int Count, DateTimeOffset LastAt);
}
