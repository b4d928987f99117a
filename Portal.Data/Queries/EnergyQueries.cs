using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>Energy of a device or site over one interval.</summary>
/// <param name="Start">Start of the interval, in the zone's offset.</param>
/// <param name="ImportKwh">kWh drawn, ≥ 0; null where nothing is known.</param>
/// <param name="ExportKwh">kWh fed in, ≥ 0; null where nothing is known.</param>
/// <param name="Estimated">True where either figure is an estimate or covers only a part.</param>
public readonly record struct EnergyRow(DateTimeOffset Start, double? ImportKwh, double? ExportKwh, bool Estimated);

/// <summary>Energy by interval: register differences, never sums of samples.</summary>
public sealed class EnergyQueries(RegisterQueries registers)
{
    /// <summary>Energy of the devices together, for each interval between neighbouring edges.</summary>
    /// <param name="deviceIds">A device, or the main meters of a site (sub-meters would count twice).</param>
    /// <param name="edges">Ascending, n + 1 for n intervals (<see cref="IntervalGrid.Edges"/>).</param>
    public async Task<List<EnergyRow>> IntervalsAsync(
        IReadOnlyCollection<int> deviceIds,
        IReadOnlyList<DateTimeOffset> edges,
        CancellationToken cancellationToken
    )
    {
        var hourly = edges.All(e => e.UtcTicks % TimeSpan.TicksPerHour == 0);
        var curves = await registers.CurvesAsync(deviceIds, [RolledUpRegister.Import, RolledUpRegister.Export], edges[0], edges[^1], hourly, cancellationToken);
        var imported = RegisterCurve.Sum(curves[RolledUpRegister.Import].Values, edges);
        var exported = RegisterCurve.Sum(curves[RolledUpRegister.Export].Values, edges);
        return
        [
            .. imported.Zip(exported, (i, e) => new EnergyRow(i.Start, i.Value, e.Value, i.Estimated || e.Estimated)),
        ];
    }
}
