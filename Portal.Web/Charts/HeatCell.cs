using Portal.Contracts.Energy;

namespace Portal.Web.Charts;

/// <summary>One hour of a heat map.</summary>
/// <param name="Value">Null: nothing is known, which is drawn as missing and not as zero.</param>
public sealed record HeatCell(DateOnly Day, int Hour, double? Value, bool Estimated)
{
    /// <summary>Hours of energy on the site's clock. The hour that a change of offset repeats is shown by the mean of both.</summary>
    public static IReadOnlyList<HeatCell> Of(IEnumerable<EnergyIntervalItem> hours, TimeZoneInfo zone) =>
    [
        .. hours.Select(hour => (Local: TimeZoneInfo.ConvertTime(hour.Start, zone), Energy: hour))
            .GroupBy(hour => (Day: DateOnly.FromDateTime(hour.Local.DateTime), hour.Local.Hour))
            .Select(cell => new HeatCell(cell.Key.Day, cell.Key.Hour, cell.Average(hour => hour.Energy.ImportKwh), cell.Any(hour => hour.Energy.Estimated))),
    ];
}
