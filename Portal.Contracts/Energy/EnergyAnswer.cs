namespace Portal.Contracts.Energy;

/// <summary>Answer of <c>GET /api/energy</c>.</summary>
/// <param name="Interval"><c>15m</c>, <c>hour</c>, <c>day</c> or <c>month</c>.</param>
/// <param name="TimeZone">IANA name of the clock the intervals are aligned to.</param>
/// <param name="Intervals">Every interval of the range, ascending, without holes.</param>
public sealed record EnergyAnswer(string Interval, string TimeZone, IReadOnlyList<EnergyIntervalItem> Intervals);

/// <summary>Energy over one half-open interval, which ends where the next one starts.</summary>
/// <param name="Start">With the offset of the site's clock then.</param>
/// <param name="ImportKwh">kWh drawn, ≥ 0, to a milliwatt-hour; null where nothing is known.</param>
/// <param name="ExportKwh">kWh fed in, likewise.</param>
/// <param name="Estimated">True where a figure was interpolated, goes over a reset, or covers only a part of the interval.</param>
public sealed record EnergyIntervalItem(DateTimeOffset Start, double? ImportKwh, double? ExportKwh, bool Estimated);
