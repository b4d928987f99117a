using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Web.Figures;

namespace Portal.Web.Charts;

/// <summary>Energy hour by day. What is missing is an empty, dashed cell; what is estimated has a mark.</summary>
public sealed partial class HeatMap : ComponentBase
{
    private const int Left = 52;
    private const int Cell = 30;
    private const int Row = 22;

    /// <summary>At most a few weeks: each cell is an element. Hours that are not here stay blank (the rest of today).</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<HeatCell> Cells { get; set; }

    /// <summary>What is shown, for screen readers.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string Unit { get; set; } = "kWh";

    private List<DateOnly> Days => [.. Cells.Select(cell => cell.Day).Distinct().Order()];

    private double Highest => Cells.Max(cell => cell.Value) ?? 0;

    private string Summary => Text[
        "HeatSummary", Label, $"{Numbers.Energy(Cells.Min(cell => cell.Value))} {Unit}", $"{Numbers.Energy(Cells.Max(cell => cell.Value))} {Unit}",
        Numbers.Count(Cells.Count(cell => cell.Value is null)), Numbers.Count(Cells.Count)];

    private static string Class(HeatCell cell) => cell.Value is null ? "missing" : cell.Estimated ? "estimated" : "";

    // The lowest hour is still seen.
    private string Strength(HeatCell cell) =>
        (cell.Value is not { } value || Highest <= 0 ? 0.1 : 0.1 + 0.85 * Math.Clamp(value / Highest, 0, 1)).ToString("0.00", CultureInfo.InvariantCulture);

    private string Tip(HeatCell cell)
    {
        var value = cell.Value is null ? Text["HeatMissing"].Value : $"{Numbers.Energy(cell.Value)} {Unit}{(cell.Estimated ? $" ({Text["HeatEstimated"].Value})" : "")}";
        return Text["HeatHour", cell.Day.ToString("ddd d MMM", CultureInfo.InvariantCulture), cell.Hour.ToString("00", CultureInfo.InvariantCulture), value];
    }
}
