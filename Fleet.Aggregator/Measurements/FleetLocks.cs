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
}
