using Portal.Domain.Measurements;

namespace Portal.Data.Queries.Charts;

/// <summary>How the points of a curve came about.</summary>
public enum ChartMethod
{
    /// <summary>Every row as it was measured.</summary>
    Raw,

    /// <summary>Mean, smallest and largest sample of each step, from the raw rows.</summary>
    Samples,

    /// <summary>The same, from the roll-ups.</summary>
    RollUps,
}

/// <summary>Curves of one device, column by column.</summary>
/// <param name="Step">Length of a point; zero where <paramref name="Method"/> is <see cref="ChartMethod.Raw"/>.</param>
/// <param name="Times">Start of each step that holds a row, or the row's own time; ascending.</param>
public sealed record ChartCurve(ChartMethod Method, TimeSpan Step, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<SeriesColumn> Columns);

/// <summary>Power of several meters together.</summary>
/// <param name="Times">Start of each step in which one of them posted.</param>
/// <param name="PowerKw">Sum of the meters' means; null where none has one.</param>
/// <param name="Meters">How many of them are in the sum.</param>
public sealed record PowerSum(TimeSpan Step, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<double?> PowerKw, IReadOnlyList<int> Meters);

/// <summary>Quantities that the roll-ups keep, and the columns they keep them in.</summary>
internal static class RolledUpQuantities
{
    private static readonly Dictionary<Quantity, string> Aggregates = new()
    {
        [Quantities.ActivePowerKw] = "sum(power_mean_kw * power_samples) / nullif(sum(power_samples), 0), min(power_min_kw), max(power_max_kw)",
        [Quantities.EnergyImportKwh] = Register("import", "kwh"),
        [Quantities.EnergyExportKwh] = Register("export", "kwh"),
        [Quantities.ReactiveEnergyImportKvarh] = Register("reactive_import", "kvarh"),
        [Quantities.ReactiveEnergyExportKvarh] = Register("reactive_export", "kvarh"),
    };

    public static bool Has(Quantity quantity) => Aggregates.ContainsKey(quantity);

    /// <summary>Mean (or last reading), smallest and largest, as three columns.</summary>
    public static string Of(Quantity quantity) => Aggregates[quantity];

    private static string Register(string name, string unit) =>
        $"(array_agg({name}_last_{unit} ORDER BY bucket DESC) FILTER (WHERE {name}_last_{unit} IS NOT NULL))[1], min({name}_min_{unit}), max({name}_max_{unit})";
}
