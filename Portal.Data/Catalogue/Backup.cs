namespace Portal.Data;

/// <summary>A backup of the stack, written by whoever makes it once it has ended. The newest good one goes to the fleet with each heartbeat.</summary>
/// <remarks>
/// A backup job needs no more than <c>INSERT INTO portal."Backups" ("StartedAt", "EndedAt", "Ok", "Details") VALUES (…)</c>. It may delete rows
/// that are older than what it keeps.
/// </remarks>
public sealed class Backup
{
    public const int MaxDetailsLength = 1_000;

    public long Id { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>True where all of it is there and was checked.</summary>
    public bool Ok { get; set; }

    /// <summary>Where it lies, or why it failed; never a secret. Null: nothing to say.</summary>
    public string? Details { get; set; }
}
