namespace Portal.Ingest.FleetPush;

/// <summary>
/// How the push ends with its process. From the moment it is asked to, nothing is waited for any more and no further batch begins
/// (<see cref="Soon"/>). The batch under way has three seconds to be acknowledged and its notes to be deleted; then it is dropped
/// (<see cref="Now"/>), its notes stay, and whoever leads next sends its rows again. Nothing is lost either way.
/// </summary>
internal sealed class PushStopping : IDisposable
{
    /// <summary>Half of what the host allows for all of its shutdown.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource now = new();
    private readonly CancellationTokenRegistration registration;

    public PushStopping(CancellationToken stopping)
    {
        Soon = stopping;
        registration = stopping.Register(() => now.CancelAfter(Grace));
    }

    public CancellationToken Soon { get; }

    public CancellationToken Now => now.Token;

    public void Dispose()
    {
        registration.Dispose();
        now.Dispose();
    }
}
