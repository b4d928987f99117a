using Portal.Domain.Energy;

namespace Portal.Domain.Tariffs;

/// <summary>What a bill reads of one main meter.</summary>
/// <param name="Import">Active energy drawn, kWh.</param>
/// <param name="Export">Active energy fed in, kWh; null where it isn't needed.</param>
/// <param name="ReactiveImport">Reactive energy drawn, kvarh; null where it isn't needed.</param>
/// <param name="ReactiveExport">Reactive energy fed in, kvarh; null where it isn't needed.</param>
public sealed record MeterRegisters(
    RegisterCurve Import,
    RegisterCurve? Export = null,
    RegisterCurve? ReactiveImport = null,
    RegisterCurve? ReactiveExport = null
)
{
    /// <summary>A curve from register intervals in any order, however they were cut into lists.</summary>
    public static RegisterCurve Curve(IEnumerable<RegisterBucket> intervals) => new(intervals.OrderBy(interval => interval.FirstAt));
}
