namespace Fleet.Aggregator.Audit;

/// <summary>
/// Who changed what of the fleet and when. Written in the transaction of the change, never updated. It stays when its customer is deleted.
/// </summary>
/// <remarks>Accounts and everything else of the Admin stack are in its API's own trail: the aggregator knows the <c>fleet</c> schema only.</remarks>
public sealed class AuditEntry
{
    public const int MaxActorLength = 256;
    public const int MaxActionLength = 64;
    public const int MaxSubjectLength = 256;

    /// <summary>Ascending in order of writing (gaps are normal): the key for paging.</summary>
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>E-mail address of the operator.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done: <c>customer.registered</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The customer's code, as it was then.</summary>
    public required string Subject { get; set; }

    /// <summary>A JSON object with the particulars, never a secret; <c>{}</c> where there are none.</summary>
    public string Details { get; set; } = "{}";
}
