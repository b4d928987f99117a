namespace Portal.Contracts.Measurements;

/// <summary>Answer of <c>GET /api/devices/{id}/quality?from&amp;to</c>: how complete its rows of <c>[from, to)</c> are.</summary>
/// <param name="TimeZone">IANA name of the site's clock.</param>
/// <param name="PaceSeconds">Median time between rows, s; null where there are fewer than three rows, and then no gap is named.</param>
/// <param name="Rows">Rows of the range.</param>
/// <param name="LateRows">Rows that came in after newer ones: backfill, or a logger that sends out of order.</param>
/// <param name="DuplicateRows">Rows that were posted again and changed nothing, of the UTC days that the range touches. Counted every few seconds.</param>
/// <param name="LongestDelaySeconds">Longest time from measuring to receiving, s; null without rows. Negative where the meter's clock is ahead.</param>
/// <param name="Gaps">All gaps: times without a row of more than 2.5 times the pace.</param>
/// <param name="MissingSeconds">How long they are together, s.</param>
/// <param name="NewestGaps">Newest first, at most 100.</param>
public sealed record QualityAnswer(
    string TimeZone,
    double? PaceSeconds,
    long Rows,
    long LateRows,
    long DuplicateRows,
    double? LongestDelaySeconds,
    long Gaps,
    double MissingSeconds,
    IReadOnlyList<GapItem> NewestGaps
);

/// <summary>A gap.</summary>
/// <param name="From">Time of the last row before it.</param>
/// <param name="To">Time of the first row after it; null while it goes on.</param>
public sealed record GapItem(DateTimeOffset From, DateTimeOffset? To);

/// <summary>Answer of <c>GET /api/devices/{id}/holdings</c>: all that deleting the device would lose.</summary>
/// <param name="Rows">Measurements.</param>
/// <param name="First">Time of the oldest; null where there is none.</param>
/// <param name="Last">Time of the newest; null where there is none.</param>
public sealed record HoldingsAnswer(long Rows, DateTimeOffset? First, DateTimeOffset? Last);
