using Portal.Contracts.Fleet;

namespace Portal.Ingest.FleetPush;

/// <summary>What an attempt to push means for what comes next.</summary>
internal enum PushResult
{
    /// <summary>The aggregator has it: advance.</summary>
    Acknowledged,

    /// <summary>It is not known whether the aggregator has it: the same batch again, after a while.</summary>
    Retry,

    /// <summary>The fleet refuses this stack (401, 403): keep everything, try again slowly.</summary>
    Denied,

    /// <summary>Too much at once (413): split.</summary>
    TooLarge,

    /// <summary>The fleet will never take this batch (400, 415, 422): set it aside, go on.</summary>
    Unacceptable,
}

/// <summary>How one attempt ended.</summary>
/// <param name="Status">HTTP status; null where there was no answer.</param>
/// <param name="Error">A sentence for people with what to do; null where it is acknowledged.</param>
/// <param name="RetryAfter">How long the fleet asks to wait; null: as long as the backoff says.</param>
/// <param name="Answer">Where a batch is acknowledged.</param>
/// <param name="Body">Where a question of the ledger is answered.</param>
internal sealed record PushOutcome(
    PushResult Result,
    int? Status,
    string? Error,
    TimeSpan? RetryAfter = null,
    PushAnswer? Answer = null,
    ReadOnlyMemory<byte> Body = default
);
