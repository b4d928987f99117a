namespace MeterSimulator.Fleet;

/// <summary>What decides the fleet and what its meters show.</summary>
internal sealed record FleetOptions
{
    public const int MostDevices = 10_000;

    public int Seed { get; init; } = 1;

    /// <summary>Null: as many as the seed's own fleet has.</summary>
    public int? Devices { get; init; }

    /// <summary>One more meter posts that the portal is not told of.</summary>
    public bool UnknownDevice { get; init; }

    public TimeSpan ClockDrift { get; init; }

    public double AbsentShare { get; init; }

    public MeterEventAt? RegisterReset { get; init; }

    public MeterEventAt? CtChange { get; init; }
}

/// <param name="Serial">Null: the fleet's first meter.</param>
/// <param name="At">True time.</param>
internal sealed record MeterEventAt(string? Serial, DateTimeOffset At);
