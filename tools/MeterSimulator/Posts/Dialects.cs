using System.Text.Json;
using MeterSimulator.Metering;

namespace MeterSimulator.Posts;

/// <summary>Spellings that are in the field.</summary>
internal static class Dialects
{
    private static readonly string[] Phases123 = ["1", "2", "3"];
    private static readonly string[] PhasesAbc = ["a", "b", "c"];

    /// <summary>The present module: values as text, unit beside each, "nan".</summary>
    public static readonly Dialect Web2 = new("AXM-WEB2", numbersAsText: true, "nan",
    [
        Of(Quantity.Frequency, "Freq_Hz", "Hz", 2),
        .. ThreeOf(Quantity.Voltage1, Phases123, p => "V" + p, "V", 2), Of(Quantity.VoltageAvg, "Vnavg_V", "V", 2),
        .. Lines(), Of(Quantity.VoltageLineAvg, "Vlavg_V", "V", 2),
        .. ThreeOf(Quantity.Current1, Phases123, p => "I" + p, "A", 3), Of(Quantity.CurrentAvg, "Iavg_A", "A", 3),
        Of(Quantity.CurrentNeutral, "In", "A", 3),
        .. Powers("kW", "kvar", "kVA", 1, 3), Of(Quantity.Active, "Psum_kW", "kW", 3), Of(Quantity.Reactive, "Qsum_kvar", "kvar", 3),
        Of(Quantity.Apparent, "Ssum_kVA", "kVA", 3),
        .. PowerFactors(), .. Demands(), .. Registers(), .. PhaseEnergies(), .. Harmonics(),
        Of(Quantity.UnbalanceVoltage, "Unbl_V", "%", 2), Of(Quantity.UnbalanceCurrent, "Unbl_I", "%", 2),
        Of(Quantity.LoadType, "LoadType", "", 0), .. Angles(),
    ]);

    /// <summary>An old module: plain numbers, capitals, a misread l for I, no unit where the name ends with it, "----".</summary>
    public static readonly Dialect Legacy = new("AXM-WEB", numbersAsText: false, "----",
    [
        Of(Quantity.Frequency, "FREQ_Hz", "", 2),
        .. ThreeOf(Quantity.Voltage1, PhasesAbc, p => $"VLN_{p}_V", "", 1), Of(Quantity.VoltageAvg, "Vnavg_V", "", 1),
        .. Lines(), Of(Quantity.VoltageLineAvg, "VIavg_V", "", 1),
        .. ThreeOf(Quantity.Current1, PhasesAbc, p => $"I{p}_A", "", 2), Of(Quantity.CurrentAvg, "Iavg_A", "", 2),
        Of(Quantity.CurrentNeutral, "In", "A", 2),
        .. Powers("kW", "kvar", "kVA", 1, 2), Of(Quantity.Active, "Psum_kW", "", 2), Of(Quantity.Reactive, "Qsum_kvar", "", 2),
        Of(Quantity.Apparent, "Ssum_kVA", "", 2),
        .. PowerFactors(), .. Demands(), .. Registers(), .. Harmonics(),
        Of(Quantity.UnbalanceVoltage, "Unbl_U", "%", 1), Of(Quantity.UnbalanceCurrent, "Unbl_I", "%", 1),
        Of(Quantity.LoadType, "LoadType", "", 0),
    ]);

    /// <summary>Set up to post base units: W, var, VA and Wh, said by the unit alone, "-nan".</summary>
    public static readonly Dialect Watts = new("AXM-WEB-PUSH", numbersAsText: true, "-nan",
    [
        Of(Quantity.Frequency, "F", "Hz", 3),
        .. ThreeOf(Quantity.Voltage1, Phases123, p => "V" + p, "V", 2), Of(Quantity.VoltageLineAvg, "Vlavg_V", "V", 2),
        .. ThreeOf(Quantity.Current1, Phases123, p => "I" + p, "A", 3), Of(Quantity.CurrentNeutral, "In", "A", 3),
        .. Powers("W", "var", "VA", 1000, 0), Of(Quantity.Active, "Psum", "W", 0, 1000), Of(Quantity.Reactive, "Qsum", "var", 0, 1000),
        Of(Quantity.Apparent, "Ssum", "VA", 0, 1000),
        .. PowerFactors(),
        Of(Quantity.EnergyImport, "Ep_imp", "Wh", 0, 1000), Of(Quantity.EnergyExport, "Ep_exp", "Wh", 0, 1000),
        Of(Quantity.ReactiveImport, "Eq_imp", "varh", 0, 1000), Of(Quantity.ReactiveExport, "Eq_exp", "varh", 0, 1000),
        Of(Quantity.LoadType, "LoadType", "", 0),
    ]);

    /// <summary>Phases by letter, short sums with the unit beside, the empty string for what is absent.</summary>
    public static readonly Dialect Phases = new("AXM-WEB2 1.x", numbersAsText: true, "",
    [
        Of(Quantity.Frequency, "Freq", "Hz", 2),
        .. ThreeOf(Quantity.Voltage1, PhasesAbc, p => $"V{p}_V", "V", 1), Of(Quantity.VoltageAvg, "Vnavg_V", "V", 1),
        .. Lines(), Of(Quantity.VoltageLineAvg, "Vlavg_V", "V", 1),
        .. ThreeOf(Quantity.Current1, PhasesAbc, p => $"I{p}_A", "A", 2), Of(Quantity.CurrentAvg, "Iavg_A", "A", 2),
        .. Powers("kW", "kvar", "kVA", 1, 3), Of(Quantity.Active, "Psum", "kW", 3), Of(Quantity.Reactive, "Qsum", "kvar", 3),
        Of(Quantity.Apparent, "Ssum", "kVA", 3),
        .. PowerFactors(), .. Demands(), .. Registers(), .. Harmonics(),
        Of(Quantity.UnbalanceVoltage, "Unbl_U", "%", 2), Of(Quantity.UnbalanceCurrent, "Unbl_I", "%", 2),
        Of(Quantity.LoadType, "LoadType", "", 0),
    ]);

    private static Parameter Of(Quantity quantity, string name, string unit, int decimals, double factor = 1) =>
        new(quantity, JsonEncodedText.Encode(name), JsonEncodedText.Encode(unit), decimals, factor);

    private static IEnumerable<Parameter> ThreeOf(
        Quantity first, string[] phases, Func<string, string> name, string unit, int decimals, double factor = 1) =>
        phases.Select((phase, i) => Of(first + i, name(phase), unit, decimals, factor));

    private static IEnumerable<Parameter> Lines() => ThreeOf(Quantity.Voltage12, ["12", "23", "31"], p => "V" + p, "V", 2);

    private static IEnumerable<Parameter> Powers(string active, string reactive, string apparent, double factor, int decimals) =>
    [
        .. ThreeOf(Quantity.Active1, Phases123, p => "P" + p, active, decimals, factor),
        .. ThreeOf(Quantity.Reactive1, Phases123, p => "Q" + p, reactive, decimals, factor),
        .. ThreeOf(Quantity.Apparent1, Phases123, p => "S" + p, apparent, decimals, factor),
    ];

    private static IEnumerable<Parameter> PowerFactors() =>
        [.. ThreeOf(Quantity.PowerFactor1, Phases123, p => "PF" + p, "", 3), Of(Quantity.PowerFactor, "PF", "", 3)];

    private static IEnumerable<Parameter> Demands() =>
    [
        Of(Quantity.DemandActive, "DMD_P_kW", "kW", 3), Of(Quantity.DemandReactive, "DMD_Q_kvar", "kvar", 3),
        Of(Quantity.DemandApparent, "DMD_S_kVA", "kVA", 3),
    ];

    private static IEnumerable<Parameter> Registers() =>
    [
        Of(Quantity.EnergyImport, "EP_IMP_kWh", "kWh", 2), Of(Quantity.EnergyExport, "EP_EXP_kWh", "kWh", 2),
        Of(Quantity.EnergyTotal, "EP_TOTAL_kWh", "kWh", 2), Of(Quantity.EnergyNet, "EP_NET_kWh", "kWh", 2),
        Of(Quantity.ReactiveImport, "EQ_IMP_kvarh", "kvarh", 2), Of(Quantity.ReactiveExport, "EQ_EXP_kvarh", "kvarh", 2),
        Of(Quantity.ApparentEnergy, "ES_kVAh", "kVAh", 2),
    ];

    private static IEnumerable<Parameter> PhaseEnergies() =>
    [
        .. ThreeOf(Quantity.EnergyImport1, PhasesAbc, p => $"EP{p}_IMP_kWh", "kWh", 2),
        .. ThreeOf(Quantity.EnergyExport1, PhasesAbc, p => $"EP{p}_EXP_kWh", "kWh", 2),
    ];

    private static IEnumerable<Parameter> Harmonics() =>
    [
        .. ThreeOf(Quantity.ThdVoltage1, PhasesAbc, p => "THD_V" + p, "%", 2), Of(Quantity.ThdVoltageAvg, "THD_Vavg", "%", 2),
        .. ThreeOf(Quantity.ThdCurrent1, PhasesAbc, p => "THD_I" + p, "%", 2), Of(Quantity.ThdCurrentAvg, "THD_Iavg", "%", 2),
    ];

    private static IEnumerable<Parameter> Angles() =>
    [
        Of(Quantity.AngleVoltage2, "Ang_Vb", "deg", 1), Of(Quantity.AngleVoltage3, "Ang_Vc", "deg", 1),
        Of(Quantity.AngleCurrent1, "Ang_Ia", "deg", 1), Of(Quantity.AngleCurrent2, "Ang_Ib", "deg", 1),
        Of(Quantity.AngleCurrent3, "Ang_Ic", "deg", 1),
    ];
}
