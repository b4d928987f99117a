namespace Portal.Domain.Measurements;

/// <summary>How a quantity is stored and what may be computed from it.</summary>
public enum QuantityKind
{
    /// <summary>A value at an instant (power, voltage, …), stored as <c>real</c>. Never summed to energy.</summary>
    Instantaneous,

    /// <summary>A counter that only grows until it is reset, stored as <c>double precision</c>. Energy is its difference.</summary>
    Register,

    /// <summary>One of the letters L, C, R (inductive, capacitive, resistive), stored as <c>"char"</c>-sized text.</summary>
    LoadType,
}

/// <summary>One thing a meter measures: its one name on the wire, in code and (in Pascal case) in SQL.</summary>
/// <param name="Index">Position in <see cref="Quantities.All"/> and in a row of <see cref="MeasurementBatch"/>.</param>
/// <param name="Name">Name on the wire, camel case with the unit as suffix: <c>activePowerKw</c>.</param>
/// <param name="Column">Column name: <c>ActivePowerKw</c>.</param>
/// <param name="Unit">Unit as shown to people: <c>kW</c>; empty for ratios without one.</param>
/// <param name="Kind">How it is stored.</param>
/// <param name="Minimum">Smallest plausible value, inclusive; anything below is <c>out-of-range</c>.</param>
/// <param name="Maximum">Largest plausible value, inclusive; anything above is <c>out-of-range</c>.</param>
public sealed record Quantity(
    int Index,
    string Name,
    string Column,
    string Unit,
    QuantityKind Kind,
    double Minimum,
    double Maximum
);
