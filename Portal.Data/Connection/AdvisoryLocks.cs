namespace Portal.Data.Connection;

/// <summary>Keys of the advisory locks in a stack's database, besides <see cref="CatalogueLock.Key"/>.</summary>
internal static class AdvisoryLocks
{
    /// <summary>Whoever migrates the schema; held by the session.</summary>
    public const long Schema = 0x504F_5254_0002;

    /// <summary>Whoever brings roll-ups up to date; held by the session for one pass.</summary>
    public const long RollUps = 0x504F_5254_0003;

    /// <summary>Whoever creates a partition; held by the transaction.</summary>
    public const long Partitions = 0x504F_5254_0004;

    /// <summary>Whoever drops from the quarantine; held by the transaction.</summary>
    public const long Quarantine = 0x504F_5254_0005;

    /// <summary>Whoever pushes to the fleet; held by the session for as long as it leads.</summary>
    public const long FleetPush = 0x504F_5254_0006;

    /// <summary>Whoever changes tariffs, clocks, assignments or facts; held by the transaction.</summary>
    public const long Rates = 0x504F_5254_0007;

    /// <summary>Whoever lays days together by device; held by the session for one pass.</summary>
    public const long Gathering = 0x504F_5254_0008;
}
