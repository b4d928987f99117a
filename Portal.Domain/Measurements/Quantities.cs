namespace Portal.Domain.Measurements;

/// <summary>
/// Every quantity the portal stores, in column order. Names follow the Acuvim II register list as modules post it;
/// the order is part of the storage format: append, never insert.
/// </summary>
/// <remarks>
/// Ranges are bounds of physics and of the meter, not of a site: they catch a shifted register or a wrong unit by factors
/// of a thousand, nothing finer. Registers of the meter have nine digits; primary-side values are larger by the transformers'
/// ratios, hence 10¹² kWh.
/// </remarks>
public static class Quantities
{
    private const double MaxVoltage = 1_000_000; // V: above the highest transmission voltage, line to line
    private const double MaxCurrent = 500_000; // A: the meter's largest CT primary is 50,000 A, times ten
    private const double MaxPower = 10_000_000; // kW, kvar, kVA: 10 GW, above any metered site
    private const double MaxEnergy = 1_000_000_000_000; // kWh, kvarh, kVAh
    private const double MaxPercent = 1_000; // %: THD of a nearly unloaded phase exceeds 100 %

    private static readonly List<Quantity> Ordered = [];

    public static readonly Quantity FrequencyHz = Add("frequencyHz", "Hz", QuantityKind.Instantaneous, 0, 1_000);
    public static readonly Quantity Voltage1V = Add("voltage1V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Voltage2V = Add("voltage2V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Voltage3V = Add("voltage3V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity VoltageAvgV = Add("voltageAvgV", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Voltage12V = Add("voltage12V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Voltage23V = Add("voltage23V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Voltage31V = Add("voltage31V", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity VoltageLineAvgV = Add("voltageLineAvgV", "V", QuantityKind.Instantaneous, 0, MaxVoltage);
    public static readonly Quantity Current1A = Add("current1A", "A", QuantityKind.Instantaneous, 0, MaxCurrent);
    public static readonly Quantity Current2A = Add("current2A", "A", QuantityKind.Instantaneous, 0, MaxCurrent);
    public static readonly Quantity Current3A = Add("current3A", "A", QuantityKind.Instantaneous, 0, MaxCurrent);
    public static readonly Quantity CurrentAvgA = Add("currentAvgA", "A", QuantityKind.Instantaneous, 0, MaxCurrent);
    public static readonly Quantity CurrentNeutralA = Add("currentNeutralA", "A", QuantityKind.Instantaneous, 0, MaxCurrent);
    public static readonly Quantity ActivePower1Kw = Add("activePower1Kw", "kW", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ActivePower2Kw = Add("activePower2Kw", "kW", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ActivePower3Kw = Add("activePower3Kw", "kW", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ActivePowerKw = Add("activePowerKw", "kW", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ReactivePower1Kvar = Add("reactivePower1Kvar", "kvar", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ReactivePower2Kvar = Add("reactivePower2Kvar", "kvar", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ReactivePower3Kvar = Add("reactivePower3Kvar", "kvar", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ReactivePowerKvar = Add("reactivePowerKvar", "kvar", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity ApparentPower1Kva = Add("apparentPower1Kva", "kVA", QuantityKind.Instantaneous, 0, MaxPower);
    public static readonly Quantity ApparentPower2Kva = Add("apparentPower2Kva", "kVA", QuantityKind.Instantaneous, 0, MaxPower);
    public static readonly Quantity ApparentPower3Kva = Add("apparentPower3Kva", "kVA", QuantityKind.Instantaneous, 0, MaxPower);
    public static readonly Quantity ApparentPowerKva = Add("apparentPowerKva", "kVA", QuantityKind.Instantaneous, 0, MaxPower);
    public static readonly Quantity PowerFactor1 = Add("powerFactor1", "", QuantityKind.Instantaneous, -1, 1);
    public static readonly Quantity PowerFactor2 = Add("powerFactor2", "", QuantityKind.Instantaneous, -1, 1);
    public static readonly Quantity PowerFactor3 = Add("powerFactor3", "", QuantityKind.Instantaneous, -1, 1);
    public static readonly Quantity PowerFactor = Add("powerFactor", "", QuantityKind.Instantaneous, -1, 1);
    public static readonly Quantity DemandActiveKw = Add("demandActiveKw", "kW", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity DemandReactiveKvar = Add("demandReactiveKvar", "kvar", QuantityKind.Instantaneous, -MaxPower, MaxPower);
    public static readonly Quantity DemandApparentKva = Add("demandApparentKva", "kVA", QuantityKind.Instantaneous, 0, MaxPower);
    public static readonly Quantity EnergyImportKwh = Add("energyImportKwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyExportKwh = Add("energyExportKwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyTotalKwh = Add("energyTotalKwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyNetKwh = Add("energyNetKwh", "kWh", QuantityKind.Register, -MaxEnergy, MaxEnergy);
    public static readonly Quantity ReactiveEnergyImportKvarh = Add("reactiveEnergyImportKvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyExportKvarh = Add("reactiveEnergyExportKvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ApparentEnergyKvah = Add("apparentEnergyKvah", "kVAh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyImport1Kwh = Add("energyImport1Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyImport2Kwh = Add("energyImport2Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyImport3Kwh = Add("energyImport3Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyExport1Kwh = Add("energyExport1Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyExport2Kwh = Add("energyExport2Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity EnergyExport3Kwh = Add("energyExport3Kwh", "kWh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyImport1Kvarh = Add("reactiveEnergyImport1Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyImport2Kvarh = Add("reactiveEnergyImport2Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyImport3Kvarh = Add("reactiveEnergyImport3Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyExport1Kvarh = Add("reactiveEnergyExport1Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyExport2Kvarh = Add("reactiveEnergyExport2Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ReactiveEnergyExport3Kvarh = Add("reactiveEnergyExport3Kvarh", "kvarh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ApparentEnergy1Kvah = Add("apparentEnergy1Kvah", "kVAh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ApparentEnergy2Kvah = Add("apparentEnergy2Kvah", "kVAh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ApparentEnergy3Kvah = Add("apparentEnergy3Kvah", "kVAh", QuantityKind.Register, 0, MaxEnergy);
    public static readonly Quantity ThdVoltage1Pct = Add("thdVoltage1Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdVoltage2Pct = Add("thdVoltage2Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdVoltage3Pct = Add("thdVoltage3Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdVoltageAvgPct = Add("thdVoltageAvgPct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdCurrent1Pct = Add("thdCurrent1Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdCurrent2Pct = Add("thdCurrent2Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdCurrent3Pct = Add("thdCurrent3Pct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity ThdCurrentAvgPct = Add("thdCurrentAvgPct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity UnbalanceVoltagePct = Add("unbalanceVoltagePct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity UnbalanceCurrentPct = Add("unbalanceCurrentPct", "%", QuantityKind.Instantaneous, 0, MaxPercent);
    public static readonly Quantity LoadType = Add("loadType", "", QuantityKind.LoadType, 'C', 'R');

    /// <summary>All quantities by <see cref="Quantity.Index"/>.</summary>
    public static readonly IReadOnlyList<Quantity> All = Ordered.AsReadOnly();

    /// <summary>All quantities by their name on the wire, case-insensitive.</summary>
    public static readonly IReadOnlyDictionary<string, Quantity> ByName = All.ToDictionary(q => q.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>How many quantities there are: the width of a row in <see cref="MeasurementBatch"/>.</summary>
    public static readonly int Count = All.Count;

    private static Quantity Add(string name, string unit, QuantityKind kind, double minimum, double maximum)
    {
        var column = char.ToUpperInvariant(name[0]) + name[1..];
        var quantity = new Quantity(Ordered.Count, name, column, unit, kind, minimum, maximum);
        Ordered.Add(quantity);
        return quantity;
    }
}
