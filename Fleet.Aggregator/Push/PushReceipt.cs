using System.Diagnostics;

namespace Fleet.Aggregator.Push;

/// <summary>When and whence a push came, for its event.</summary>
internal sealed class PushReceipt(int customerId, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();

    public int CustomerId { get; } = customerId;

    public DateTimeOffset ReceivedAt { get; } = clock.GetUtcNow();

    /// <summary>Of the request's trace; null where nobody traces.</summary>
    public string? TraceId { get; } = Activity.Current?.TraceId.ToHexString();

    /// <summary>Bytes of the body as sent, as far as it was read.</summary>
    public long Bytes { get; set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(started);
}
