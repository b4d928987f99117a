namespace Portal.Data;

/// <summary>Who changed what and when. Written in the transaction of the change, never updated.</summary>
public sealed class AuditEntry
{
    public const int MaxActorLength = 256;
    public const int MaxActionLength = 64;
    public const int MaxSubjectLength = 256;

    /// <summary>Ascending in order of writing (gaps are normal): the key for paging.</summary>
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>E-mail address of the person, or the name of the service that acted by itself.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done: <c>device.created</c>.</summary>
    public required string Action { get; set; }

    /// <summary>What it was done to, as people know it: a name, serial or address.</summary>
    public required string Subject { get; set; }

    /// <summary>A JSON object with the particulars, never a secret; <c>{}</c> where there are none.</summary>
    public string Details { get; set; } = "{}";
}
