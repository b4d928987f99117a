namespace Portal.Domain.Tariffs;

/// <summary>Where a line's amount comes from, down to the intervals of the registers.</summary>
/// <param name="Line">The line, as on the bill.</param>
/// <param name="Clock">The clock's version that gave season and bands; null where there is none.</param>
/// <param name="Rule">How the amount is made, as a sentence.</param>
/// <param name="Intervals">
/// What the quantity is made of, in order. For energy, half-hours (or what a band holds of one): their values add up to the quantity. For
/// demand, the half-hours that count: the largest is the peak. For a capacity charge, each month's peak. For fixed charges, days. Empty for
/// percentages and minimum charges. At most 1,490: a line is never for more than a month.
/// </param>
/// <param name="Lines">The lines that a percentage or a minimum was made from; empty for others.</param>
public sealed record LineExplanation(
    BillLine Line,
    ClockVersion? Clock,
    string Rule,
    IReadOnlyList<ExplainedInterval> Intervals,
    IReadOnlyList<BillLine> Lines
);

/// <summary>One of the intervals that a line was made from.</summary>
/// <param name="From">On the site's clock.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Value">Energy, demand or days, in the line's unit; null where not known.</param>
/// <param name="Doubts">Why the value is an estimate, or not known.</param>
/// <param name="Decides">True for the half-hour whose demand is charged.</param>
public readonly record struct ExplainedInterval(DateTimeOffset From, DateTimeOffset To, decimal? Value, EnergyDoubts Doubts, bool Decides = false);
