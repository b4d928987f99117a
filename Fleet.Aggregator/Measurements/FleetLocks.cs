namespace Fleet.Aggregator.Measurements;

/// <summary>
/// Keys of the advisory locks in the fleet's database ("FLEE" and a number). The operators' portal has its own tables in the same database,
/// and other keys.
/// </summary>
internal static class FleetLocks
{
    /// <summary>Whoever migrates the schema; held by the session.</summary>
    public const long Schema = 0x464C_4545_0001;

    /// <summary>Whoever brings roll-ups up to date; held by the session for one pass.</summary>
    public const long RollUps = 0x464C_4545_0002;

    /// <summary>Whoever creates a partition; held by the transaction.</summary>
    public const long Partitions = 0x464C_4545_0003;

    /// <summary>Writers of measurements shared, whoever moves on from when they are kept exclusive; held by the transaction.</summary>
    public const long KeptRows = 0x464C_4545_0004;

    /// <summary>Whoever drops old measurements; held by the session for one run.</summary>
    public const long Retention = 0x464C_4545_0005;

    /// <summary>Whoever looks for silences; held by the transaction.</summary>
    public const long Silences = 0x464C_4545_0010;

    /// <summary>Whoever drops old ingest events and silences; held by the transaction.</summary>
    public const long IngestEvents = 0x464C_4545_0011;
}
