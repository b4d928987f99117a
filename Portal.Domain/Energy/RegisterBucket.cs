namespace Portal.Domain.Energy;

/// <summary>What a roll-up knows of one register in one bucket of time.</summary>
/// <param name="FirstAt">Time of the first known reading.</param>
/// <param name="First">First known reading, in the register's unit (kWh, kvarh).</param>
/// <param name="LastAt">Time of the last known reading; equal to <paramref name="FirstAt"/> where there is just one.</param>
/// <param name="Last">Last known reading.</param>
/// <param name="Min">Smallest reading: below <paramref name="First"/> only after a reset.</param>
/// <param name="Max">Largest reading: above <paramref name="Last"/> only before a reset.</param>
/// <param name="PeakPowerKw">Largest magnitude of power seen in the bucket, kW (kvar for reactive registers); null where no power was posted.</param>
public readonly record struct RegisterBucket(
    DateTimeOffset FirstAt,
    double First,
    DateTimeOffset LastAt,
    double Last,
    double Min,
    double Max,
    double? PeakPowerKw
);
