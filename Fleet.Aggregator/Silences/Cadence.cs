namespace Fleet.Aggregator.Silences;

/// <summary>
/// How a cadence is learned from the intervals between newest measurements (or heartbeats), one by one, as SQL.
/// </summary>
/// <remarks>
/// The estimate goes all the way to an interval that is near it, and by <see cref="Step"/> at most towards one that is far: like a median it
/// follows what most intervals say, however far off the others are, while a gap of a month counts no more than one of an hour. The first
/// <see cref="Early"/> intervals may move it by <see cref="EarlyStep"/>, so that a first one that was a gap is soon forgotten. One number a
/// device is all it has to remember. From a minute to a quarter of an hour, as when a logger is set up anew, it takes 28 intervals: ln 15 / ln 1.1.
/// </remarks>
internal static class Cadence
{
    /// <summary>Intervals from which on a cadence counts as known.</summary>
    public const int Known = 5;

    private const string Step = "1.1";
    private const string EarlyStep = "2.0";
    private const int Early = 16;

    /// <summary>The new estimate.</summary>
    /// <param name="estimate">The old one, in seconds; null before the first interval.</param>
    /// <param name="samples">From how many intervals it was learned.</param>
    /// <param name="interval">In seconds, above 0; null where there is nothing to learn from.</param>
    public static string Learned(string estimate, string samples, string interval) =>
        $"""
        CASE
          WHEN {interval} IS NULL THEN {estimate}
          WHEN {estimate} IS NULL THEN {interval}
          WHEN {samples} < {Early} THEN LEAST(GREATEST({interval}, {estimate} / {EarlyStep}), {estimate} * {EarlyStep})
          ELSE LEAST(GREATEST({interval}, {estimate} / {Step}), {estimate} * {Step})
        END
        """;

    /// <summary>The new number of intervals.</summary>
    public static string Counted(string samples, string interval) =>
        $"CASE WHEN {interval} IS NULL OR {samples} >= 1000 THEN {samples} ELSE {samples} + 1 END";
}
