namespace Portal.Domain.Energy;

/// <summary>Energy of one register over one half-open interval.</summary>
/// <param name="Start">Start of the interval, inclusive.</param>
/// <param name="Value">Energy in the register's unit, ≥ 0; null where nothing is known.</param>
/// <param name="Estimated">
/// True where the figure leans on interpolation over a gap, on a reset, or covers only the known part of the interval.
/// </param>
public readonly record struct EnergyInterval(DateTimeOffset Start, double? Value, bool Estimated);
