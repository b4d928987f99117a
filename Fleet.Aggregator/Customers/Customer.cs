namespace Fleet.Aggregator.Customers;

/// <summary>A customer whose stack may push. Its key is four bytes and leads the keys of all tables of the fleet.</summary>
public sealed class Customer
{
    public const int MaxNameLength = 200;
    public const int MaxVersionLength = 64;

    public int Id { get; set; }

    /// <summary>3 to 12 of A–Z and 0–9, unique.</summary>
    public required string Code { get; set; }

    public required string Name { get; set; }

    /// <summary>The operator's switch.</summary>
    public bool Active { get; set; } = true;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Since when it may push: nobody was silent while not allowed to speak.</summary>
    public DateTimeOffset? ActiveSince { get; set; }

    /// <summary>When its last push or heartbeat was accepted; null: never. Kept here, since looking it up among the pushes takes 20 ms.</summary>
    public DateTimeOffset? LastPushAt { get; set; }

    /// <summary>Time of the newest measurement received; null: none.</summary>
    public DateTimeOffset? NewestTime { get; set; }

    /// <summary>When its last heartbeat came; null: never. All below is from it.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; set; }

    /// <summary>Seconds between its heartbeats, learned as devices' cadences are; null: not known yet.</summary>
    public double? HeartbeatSeconds { get; set; }

    /// <summary>Release of its stack.</summary>
    public string? SoftwareVersion { get; set; }

    public int? ProtocolVersion { get; set; }

    /// <summary>Its clock minus ours, in seconds, the way of the heartbeat included.</summary>
    public double? ClockSkewSeconds { get; set; }

    /// <summary>Rows that wait to be pushed; its stack's estimate.</summary>
    public long? BacklogRows { get; set; }

    /// <summary>Time of the newest measurement that its stack has; null: none.</summary>
    public DateTimeOffset? StackNewestTime { get; set; }

    public long? DiskFreeBytes { get; set; }

    /// <summary>When its stack's last backup ended well; null: none is known of.</summary>
    public DateTimeOffset? LastBackupAt { get; set; }

    /// <summary>When its stack compared the delivery ledger last; null: never.</summary>
    public DateTimeOffset? LedgerComparedAt { get; set; }

    public List<PushToken> Tokens { get; } = [];
}

/// <summary>A token as its hash. Retired ones stay, so that pushes with them are shown under their customer.</summary>
public sealed class PushToken
{
    /// <summary>SHA-256, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    public int CustomerId { get; set; }

    /// <summary>First eight characters.</summary>
    public required string Prefix { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null for the one token in force.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}
