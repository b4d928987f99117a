namespace Portal.Web.Devices;

/// <summary>A quantity that the meter measures in each phase.</summary>
/// <param name="Text">Its name in <see cref="DevicesText"/>.</param>
/// <param name="Phases">Names on the wire of L1, L2, L3, or of L1-L2, L2-L3, L3-L1.</param>
/// <param name="Whole">Name on the wire of the sum or mean.</param>
public sealed record PhaseRow(string Text, string Unit, string[] Phases, string Whole)
{
    public static readonly PhaseRow[] All =
    [
        new("Voltage", "V", ["voltage1V", "voltage2V", "voltage3V"], "voltageAvgV"),
        new("VoltageLine", "V", ["voltage12V", "voltage23V", "voltage31V"], "voltageLineAvgV"),
        new("Current", "A", ["current1A", "current2A", "current3A"], "currentAvgA"),
        new("ActivePower", "kW", ["activePower1Kw", "activePower2Kw", "activePower3Kw"], "activePowerKw"),
        new("ReactivePower", "kvar", ["reactivePower1Kvar", "reactivePower2Kvar", "reactivePower3Kvar"], "reactivePowerKvar"),
        new("ApparentPower", "kVA", ["apparentPower1Kva", "apparentPower2Kva", "apparentPower3Kva"], "apparentPowerKva"),
        new("PowerFactor", "", ["powerFactor1", "powerFactor2", "powerFactor3"], "powerFactor"),
        new("ThdVoltage", "%", ["thdVoltage1Pct", "thdVoltage2Pct", "thdVoltage3Pct"], "thdVoltageAvgPct"),
        new("ThdCurrent", "%", ["thdCurrent1Pct", "thdCurrent2Pct", "thdCurrent3Pct"], "thdCurrentAvgPct"),
    ];
}

/// <summary>A quantity of the whole meter.</summary>
/// <param name="Text">Its name in <see cref="DevicesText"/>.</param>
/// <param name="Name">Its name on the wire.</param>
public sealed record MeterRow(string Text, string Unit, string Name)
{
    public static readonly MeterRow[] All =
    [
        new("Frequency", "Hz", "frequencyHz"),
        new("Neutral", "A", "currentNeutralA"),
        new("UnbalanceVoltage", "%", "unbalanceVoltagePct"),
        new("UnbalanceCurrent", "%", "unbalanceCurrentPct"),
        new("LoadType", "", "loadType"),
        new("DemandActive", "kW", "demandActiveKw"),
        new("DemandApparent", "kVA", "demandApparentKva"),
        new("EnergyImport", "kWh", "energyImportKwh"),
        new("EnergyExport", "kWh", "energyExportKwh"),
        new("EnergyTotal", "kWh", "energyTotalKwh"),
        new("EnergyNet", "kWh", "energyNetKwh"),
        new("ReactiveImport", "kvarh", "reactiveEnergyImportKvarh"),
        new("ReactiveExport", "kvarh", "reactiveEnergyExportKvarh"),
        new("ApparentEnergy", "kVAh", "apparentEnergyKvah"),
    ];
}
