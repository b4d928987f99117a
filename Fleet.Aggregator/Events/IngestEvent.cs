namespace Fleet.Aggregator.Events;

/// <summary>
/// One batch that a stack pushed, or a push that was refused. The accepted ones are also the memory of batch ids: what is still here is
/// answered as before and has no second effect.
/// </summary>
public sealed class IngestEvent
{
    public const int MaxErrorLength = 500;
    public const int MaxBatchTypeLength = 16;

    public int CustomerId { get; set; }

    public long Id { get; set; }

    /// <summary>Null where the push was refused before it could be read.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>One of <c>BatchTypes</c>.</summary>
    public required string BatchType { get; set; }

    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; set; }

    public int RowsReceived { get; set; }

    public int RowsAccepted { get; set; }

    public int RowsDuplicate { get; set; }

    public int RowsRejected { get; set; }

    /// <summary>Time of the oldest row; null where it had none.</summary>
    public DateTimeOffset? MinTime { get; set; }

    /// <summary>Time of the newest row.</summary>
    public DateTimeOffset? MaxTime { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>From the body's first byte to the commit (but for the commit itself, of which this row is part).</summary>
    public double DurationMs { get; set; }

    /// <summary>As sent.</summary>
    public long Bytes { get; set; }

    /// <summary>Of the request's trace, 32 hexadecimal digits.</summary>
    public string? TraceId { get; set; }

    /// <summary>Why it was refused; null where it went well.</summary>
    public string? Error { get; set; }

    /// <summary>The answer's rejections as JSON; null where there were none.</summary>
    public string? Rejections { get; set; }
}
