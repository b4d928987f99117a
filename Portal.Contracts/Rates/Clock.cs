namespace Portal.Contracts.Rates;

/// <summary>A time-of-use calendar.</summary>
public sealed record ClockItem(string Name, IReadOnlyList<ClockVersionItem> Versions);

/// <summary>Its windows while they stay the same.</summary>
/// <param name="To">The day after the last one; null: until further notice.</param>
/// <param name="Bands">In the order of bills.</param>
public sealed record ClockVersionItem(DateOnly From, DateOnly? To, IReadOnlyList<string> Bands, IReadOnlyList<ClockSeasonItem> Seasons);

/// <summary>Months in which days have the same windows.</summary>
/// <param name="Months">1 to 12.</param>
/// <param name="Days">Kinds of day that have windows: <c>weekday</c>, <c>saturday</c>, <c>sunday</c>, <c>holiday</c>.</param>
public sealed record ClockSeasonItem(string Name, IReadOnlyList<int> Months, IReadOnlyList<ClockDayItem> Days);

/// <param name="Windows">All of the day, in order and without a hole.</param>
public sealed record ClockDayItem(string Kind, IReadOnlyList<ClockWindowItem> Windows);

/// <param name="From">Minute of the local day, 0 to 1439.</param>
/// <param name="To">Minute it ends before, up to 1440.</param>
public sealed record ClockWindowItem(int From, int To, string Band);
