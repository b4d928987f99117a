namespace Portal.Contracts.Rates;

/// <summary>Answer of <c>GET /api/costs/months?siteId&amp;from&amp;to</c>: the bill of each calendar month of the period, by band.</summary>
/// <param name="TimeZone">IANA name of the clock that months follow.</param>
/// <param name="Months">In order, at most 14; the first and the last may be part of a month.</param>
public sealed record CostMonthsAnswer(string SiteId, string TimeZone, IReadOnlyList<CostMonthItem> Months);

/// <summary>What a month cost. Amounts are without VAT and have full precision; only <paramref name="Total"/> is rounded.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="From">Where the bill begins: the first of the month or the period's start.</param>
/// <param name="Currency">ISO 4217; null where no tariff was in force: there is no price then.</param>
/// <param name="Bands">Energy by band, in the order of the bill; empty where the tariff has no bands.</param>
/// <param name="Other">All that is charged besides: blocks, levies, demand, fixed charges; below 0 where credits are more.</param>
/// <param name="Total">With VAT, to the cent.</param>
/// <param name="Complete">False where an amount, a price or energy is missing: the truth is more.</param>
/// <param name="Estimated">True where a quantity is an estimate in part.</param>
public sealed record CostMonthItem(
    DateOnly Month,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Currency,
    IReadOnlyList<CostBandItem> Bands,
    decimal Other,
    decimal Total,
    bool Complete,
    bool Estimated
);

/// <summary>What a band's energy cost in a month.</summary>
/// <param name="EnergyKwh">What is known of it.</param>
public sealed record CostBandItem(string Band, decimal EnergyKwh, decimal Amount);
