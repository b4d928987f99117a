namespace Fleet.Aggregator.Customers;

/// <summary>A customer whose stack may push. Its key is four bytes and leads the keys of all tables of the fleet.</summary>
public sealed class Customer
{
    public int Id { get; set; }

    /// <summary>3 to 12 of A–Z and 0–9, unique.</summary>
    public required string Code { get; set; }

    public required string Name { get; set; }

    /// <summary>The operator's switch.</summary>
    public bool Active { get; set; } = true;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its last push or heartbeat was accepted; null: never. Kept here, since looking it up among the pushes takes 20 ms.</summary>
    public DateTimeOffset? LastPushAt { get; set; }

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
