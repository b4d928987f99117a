namespace Portal.Contracts.Measurements;

/// <summary>Answer of <c>GET /api/devices/{id}/series</c>: curves, column by column as charts want them.</summary>
/// <param name="Interval"><c>1m</c>, <c>5m</c>, <c>10m</c>, <c>15m</c>, <c>hour</c>, <c>day</c> or <c>month</c>: as asked for, or chosen by the range.</param>
/// <param name="TimeZone">IANA name of the clock the intervals are aligned to.</param>
/// <param name="Starts">Start of each interval that holds a row, ascending; intervals without rows are left out.</param>
/// <param name="Samples">Rows in each interval.</param>
/// <param name="Series">One per register asked for, in that order.</param>
public sealed record SeriesAnswer(
    string Interval,
    string TimeZone,
    IReadOnlyList<DateTimeOffset> Starts,
    IReadOnlyList<int> Samples,
    IReadOnlyList<SeriesColumnItem> Series
);

/// <summary>One quantity; each list is as long as <see cref="SeriesAnswer.Starts"/>, null where the interval has no value.</summary>
/// <param name="Name">The quantity's name on the wire.</param>
/// <param name="Unit">Its unit; empty where it has none.</param>
/// <param name="Mean">Mean of the samples; for counters the last reading.</param>
/// <param name="Min">Smallest sample.</param>
/// <param name="Max">Largest sample.</param>
public sealed record SeriesColumnItem(
    string Name,
    string Unit,
    IReadOnlyList<double?> Mean,
    IReadOnlyList<double?> Min,
    IReadOnlyList<double?> Max
);
