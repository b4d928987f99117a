namespace Portal.Data;

/// <summary>Rows of unclaimed devices that were lost on a day, and why.</summary>
public sealed class QuarantineDrops
{
    /// <summary>They had waited for longer than <c>Quarantine__MaxAge</c>.</summary>
    public const string Age = "age";

    /// <summary>They were the oldest of more than <c>Quarantine__MaxBytes</c>.</summary>
    public const string Size = "size";

    public const int MaxReasonLength = 8;

    /// <summary>UTC day on which they were dropped.</summary>
    public DateOnly Day { get; set; }

    /// <summary><see cref="Age"/> or <see cref="Size"/>.</summary>
    public required string Reason { get; set; }

    /// <summary>How many, at least 1.</summary>
    public long Rows { get; set; }
}
