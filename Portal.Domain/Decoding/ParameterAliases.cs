using System.Collections.Frozen;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>Where a posted value goes and how it is converted.</summary>
internal readonly record struct ParameterTarget(Quantity Quantity, UnitScale Scale);

/// <summary>
/// Names of parameters as Accuenergy's firmware and log files spell them, and the one quantity each means here:
/// <code>
/// {"param":"Psum_kW","unit":"kW"}   {"param":"Psum","unit":"W"}   {"param":"VLN_a_V","unit":"V"}   Ep_Imp [kWh]
/// </code>
/// Case, underscores and spaces don't matter. The unit that was posted beside the name drives the conversion; where it is missing,
/// unknown or of another dimension the name's suffix does; where there is none either, the value is in the stored unit.
/// </summary>
internal static class ParameterAliases
{
    /// <summary>Longer names are unknown; the longest here has 18 characters.</summary>
    private const int MaxNameLength = 40;

    private static readonly FrozenDictionary<string, Quantity> Table = Build();
    private static readonly FrozenDictionary<string, Quantity>.AlternateLookup<ReadOnlySpan<char>> Lookup = Table.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>The quantity of a posted name; false where nobody knows it, or its unit says that it is something else.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit, out ParameterTarget target)
    {
        target = default;
        Span<char> buffer = stackalloc char[MaxNameLength];
        var cut = Math.Max(0, name.LastIndexOfAny((byte)'_', (byte)' '));
        var suffix = name[Math.Min(cut + 1, name.Length)..];
        if (name.Length > MaxNameLength)
        {
            return false;
        }

        // The whole name first: in THD_Va the last part is phase a of the voltage, not the unit VA.
        if (!Lookup.TryGetValue(Letters(name, buffer), out var quantity))
        {
            if (!Units.TryParse(suffix, out _, out _) || !Lookup.TryGetValue(Letters(name[..cut], buffer), out quantity))
            {
                return false;
            }
        }
        else
        {
            suffix = [];
        }

        var stored = Units.Of(quantity);
        var hasUnit = Units.TryParse(unit, out var dimension, out var scale);
        if (hasUnit && dimension == stored)
        {
            target = new ParameterTarget(quantity, scale);
            return true;
        }

        var hasSuffix = Units.TryParse(suffix, out var suffixDimension, out var suffixScale);
        if (hasSuffix && suffixDimension == stored)
        {
            target = new ParameterTarget(quantity, suffixScale);
            return true;
        }

        target = new ParameterTarget(quantity, UnitScale.One);
        return !hasUnit && !hasSuffix;
    }

    private static ReadOnlySpan<char> Letters(ReadOnlySpan<byte> name, Span<char> buffer)
    {
        var length = 0;
        foreach (var b in name)
        {
            if (b is not ((byte)'_' or (byte)' ' or (byte)'-' or (byte)'.'))
            {
                buffer[length++] = char.ToLowerInvariant((char)b);
            }
        }

        return buffer[..length];
    }

    private static FrozenDictionary<string, Quantity> Build()
    {
        var table = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        Names(Quantities.FrequencyHz, "freq", "f", "frequency");
        Phases(Quantities.Voltage1V, "v{0}", "vln{0}", "v{0}n", "u{0}");
        Names(Quantities.VoltageAvgV, "vnavg", "vlnavg", "vavg", "unavg");
        Lines(Quantities.Voltage12V, "v{0}", "vll{0}", "vl{0}", "u{0}");
        // VIavg, with a capital i: a spelling mistake that some firmware has kept.
        Names(Quantities.VoltageLineAvgV, "vlavg", "viavg", "vllavg", "ulavg");
        Phases(Quantities.Current1A, "i{0}");
        Names(Quantities.CurrentAvgA, "iavg");
        Names(Quantities.CurrentNeutralA, "in");
        Phases(Quantities.ActivePower1Kw, "p{0}");
        Names(Quantities.ActivePowerKw, "psum", "p", "ptotal");
        Phases(Quantities.ReactivePower1Kvar, "q{0}");
        Names(Quantities.ReactivePowerKvar, "qsum", "q", "qtotal");
        Phases(Quantities.ApparentPower1Kva, "s{0}");
        Names(Quantities.ApparentPowerKva, "ssum", "s", "stotal");
        Phases(Quantities.PowerFactor1, "pf{0}");
        Names(Quantities.PowerFactor, "pf", "pfsum", "pfavg", "pftotal");
        Names(Quantities.DemandActiveKw, "dmdp");
        Names(Quantities.DemandReactiveKvar, "dmdq");
        Names(Quantities.DemandApparentKva, "dmds");
        Names(Quantities.EnergyImportKwh, "epimp");
        Names(Quantities.EnergyExportKwh, "epexp");
        Names(Quantities.EnergyTotalKwh, "eptotal");
        Names(Quantities.EnergyNetKwh, "epnet");
        Names(Quantities.ReactiveEnergyImportKvarh, "eqimp");
        Names(Quantities.ReactiveEnergyExportKvarh, "eqexp");
        Names(Quantities.ApparentEnergyKvah, "es");
        Phases(Quantities.EnergyImport1Kwh, "ep{0}imp");
        Phases(Quantities.EnergyExport1Kwh, "ep{0}exp");
        Phases(Quantities.ReactiveEnergyImport1Kvarh, "eq{0}imp");
        Phases(Quantities.ReactiveEnergyExport1Kvarh, "eq{0}exp");
        Phases(Quantities.ApparentEnergy1Kvah, "es{0}");
        Phases(Quantities.ThdVoltage1Pct, "thdv{0}", "thdu{0}");
        Names(Quantities.ThdVoltageAvgPct, "thdvavg", "thduavg");
        Phases(Quantities.ThdCurrent1Pct, "thdi{0}");
        Names(Quantities.ThdCurrentAvgPct, "thdiavg");
        Names(Quantities.UnbalanceVoltagePct, "unblv", "unblu");
        Names(Quantities.UnbalanceCurrentPct, "unbli");
        Names(Quantities.LoadType, "loadtype");
        return table.ToFrozenDictionary(StringComparer.Ordinal);

        void Names(Quantity quantity, params string[] names)
        {
            foreach (var name in names)
            {
                table.Add(name, quantity);
            }
        }

        // Three neighbouring quantities, one per phase, called 1 2 3 or a b c.
        void Phases(Quantity first, params string[] patterns) => Three(first, patterns, ["1", "a"], ["2", "b"], ["3", "c"]);

        void Lines(Quantity first, params string[] patterns) => Three(first, patterns, ["12", "ab"], ["23", "bc"], ["31", "ca"]);

        void Three(Quantity first, string[] patterns, params string[][] phases)
        {
            for (var phase = 0; phase < phases.Length; phase++)
            {
                var quantity = Quantities.All[first.Index + phase];
                Names(quantity, [.. patterns.SelectMany(pattern => phases[phase].Select(p => pattern.Replace("{0}", p, StringComparison.Ordinal)))]);
            }
        }
    }
}
