namespace MeterSimulator.Metering;

/// <summary>What the meter can show, in the portal's units (V, A, kW, kvar, kVA, kWh, kvarh, kVAh, Hz, %, degrees).</summary>
internal enum Quantity
{
    Frequency,
    Voltage1, Voltage2, Voltage3, VoltageAvg,
    Voltage12, Voltage23, Voltage31, VoltageLineAvg,
    Current1, Current2, Current3, CurrentAvg, CurrentNeutral,
    Active1, Active2, Active3, Active,
    Reactive1, Reactive2, Reactive3, Reactive,
    Apparent1, Apparent2, Apparent3, Apparent,
    PowerFactor1, PowerFactor2, PowerFactor3, PowerFactor,
    DemandActive, DemandReactive, DemandApparent,
    EnergyImport, EnergyExport, EnergyTotal, EnergyNet,
    ReactiveImport, ReactiveExport, ApparentEnergy,
    EnergyImport1, EnergyImport2, EnergyImport3,
    EnergyExport1, EnergyExport2, EnergyExport3,
    ThdVoltage1, ThdVoltage2, ThdVoltage3, ThdVoltageAvg,
    ThdCurrent1, ThdCurrent2, ThdCurrent3, ThdCurrentAvg,
    UnbalanceVoltage, UnbalanceCurrent,
    LoadType,
    AngleVoltage2, AngleVoltage3, AngleCurrent1, AngleCurrent2, AngleCurrent3,
}

internal static class Quantities
{
    /// <summary>How many quantities there are: the length of a reading.</summary>
    public const int Count = (int)Quantity.AngleCurrent3 + 1;

    /// <summary>Registers that grow: import and export of every kind. They stand on the meter's log, not only on its display.</summary>
    public static bool IsRegister(Quantity quantity) => quantity is >= Quantity.EnergyImport and <= Quantity.EnergyExport3;
}
