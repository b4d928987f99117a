namespace Portal.Contracts.Rates;

/// <summary>
/// Answer of <c>GET /api/costs?siteId&amp;from&amp;to</c>: what a site's energy cost. Amounts have full precision and are without VAT, only
/// <paramref name="Total"/> is rounded.
/// </summary>
/// <param name="TimeZone">IANA name of the clock that days and months follow.</param>
/// <param name="Currency">ISO 4217; null where no tariff was in force at all.</param>
/// <param name="Lines">By part of the period, in the order of the tariff's components.</param>
/// <param name="Subtotal">Sum of the known amounts, without VAT.</param>
/// <param name="Vat">By rate.</param>
/// <param name="Total">With VAT, to the cent.</param>
/// <param name="Complete">False where an amount, a price or energy is missing: the truth is more.</param>
/// <param name="Estimated">True where a quantity leans on interpolation over a gap, on a reset, or covers only the known part.</param>
/// <param name="Missing">Stretches in which no meter is known, in order; the first 100.</param>
/// <param name="Uncovered">Stretches that no price is known for.</param>
/// <param name="Notes"><see cref="BillNotes"/>, each once.</param>
public sealed record BillAnswer(
    string SiteId,
    string TimeZone,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Currency,
    IReadOnlyList<BillLineItem> Lines,
    decimal Subtotal,
    IReadOnlyList<BillVatItem> Vat,
    decimal Total,
    bool Complete,
    bool Estimated,
    IReadOnlyList<BillSpanItem> Missing,
    IReadOnlyList<BillUncoveredItem> Uncovered,
    IReadOnlyList<string> Notes
);

/// <summary>One amount: <c>amount = quantity · price · share</c>.</summary>
/// <param name="Id">Names the line in the bill of this period: <c>GET /api/costs/line</c> explains it.</param>
/// <param name="Tariff">Municipality and name of the tariff.</param>
/// <param name="VersionId">The version of the tariff.</param>
/// <param name="VersionFrom">First day of that version.</param>
/// <param name="Kind">Kind of the component: <c>energy</c>, <c>blocks</c>, …</param>
/// <param name="Component">Its name.</param>
/// <param name="From">Start of the part of the period that the line is for.</param>
/// <param name="Season">Null where the tariff has no clock.</param>
/// <param name="Band">Null where the line is for all or several bands.</param>
/// <param name="BlockFromKwh">Where the block begins; null where it is for none.</param>
/// <param name="BlockToKwh">Where it ends; null where it doesn't.</param>
/// <param name="Quantity">In <paramref name="Unit"/>; null where nothing is known.</param>
/// <param name="Unit"><c>kWh</c>, <c>kvarh</c>, <c>kVA</c>, <c>kW</c>, <c>day</c>, <c>month</c>, <c>connection point</c>, <c>A</c>, or the currency.</param>
/// <param name="Price">Per unit; null where the tariff has none.</param>
/// <param name="Share">Share of the month that a monthly price is charged for; 1 elsewhere.</param>
/// <param name="Amount">Null where quantity or price is not known.</param>
/// <param name="EstimatedQuantity">How much of the quantity is an estimate.</param>
/// <param name="MissingSeconds">How much time of the line no meter knows.</param>
public sealed record BillLineItem(
    string Id,
    string Tariff,
    string VersionId,
    DateOnly VersionFrom,
    string Kind,
    string Component,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Season,
    string? Band,
    decimal? BlockFromKwh,
    decimal? BlockToKwh,
    decimal? Quantity,
    string Unit,
    decimal? Price,
    decimal Share,
    decimal? Amount,
    bool Estimated,
    decimal EstimatedQuantity,
    long MissingSeconds
);

/// <summary>VAT of the lines with one rate.</summary>
public sealed record BillVatItem(decimal Percent, decimal Base, decimal Amount);

/// <summary>A half-open stretch of time.</summary>
public sealed record BillSpanItem(DateTimeOffset From, DateTimeOffset To);

/// <summary>A stretch of time without a price.</summary>
/// <param name="Reason"><c>no-tariff</c>, <c>no-version</c> or <c>no-clock</c>.</param>
public sealed record BillUncoveredItem(DateTimeOffset From, DateTimeOffset To, string Reason);

/// <summary>What the reader of a bill should know.</summary>
public static class BillNotes
{
    /// <summary>No reactive energy is known: demand in kVA is too low.</summary>
    public const string ReactiveUnknown = "reactive-unknown";

    /// <summary>No notified demand is known: the capacity charge follows the measured one alone.</summary>
    public const string NotifiedDemandUnknown = "notified-demand-unknown";

    /// <summary>What is charged by the ampere is missing.</summary>
    public const string AmperesUnknown = "amperes-unknown";

    /// <summary>Readings begin later than the capacity charge looks back.</summary>
    public const string DemandHistoryShort = "demand-history-short";

    /// <summary>More was used than the blocks have prices for.</summary>
    public const string BeyondBlocks = "beyond-blocks";
}

/// <summary>Answer of <c>GET /api/costs/line?siteId&amp;from&amp;to&amp;line</c>: where a line's amount comes from.</summary>
/// <param name="Rule">How the amount is made, as a sentence.</param>
/// <param name="Source">Where the version's prices were published.</param>
/// <param name="Clock">Name of the clock; null where the tariff has none.</param>
/// <param name="ClockFrom">First day of the clock's version.</param>
/// <param name="Intervals">What the quantity is made of; at most 1,490.</param>
/// <param name="Lines">The lines that a percentage or a minimum was made from; empty for others.</param>
public sealed record BillLineAnswer(
    BillLineItem Line,
    string Rule,
    string Source,
    string? Clock,
    DateOnly? ClockFrom,
    IReadOnlyList<BillIntervalItem> Intervals,
    IReadOnlyList<BillLineItem> Lines
);

/// <summary>One of the intervals that a line was made from.</summary>
/// <param name="Value">Energy, demand or days, in the line's unit; null where not known.</param>
/// <param name="Doubts">Why it is an estimate: <c>interpolated</c>, <c>reset</c>, <c>partial</c>, <c>silent</c>, <c>missing</c>, <c>no-reactive</c>.</param>
/// <param name="Decides">True for the half-hour whose demand is charged.</param>
public sealed record BillIntervalItem(DateTimeOffset From, DateTimeOffset To, decimal? Value, IReadOnlyList<string> Doubts, bool Decides);

/// <summary>Answer of <c>GET /api/costs/what-if?siteId&amp;from&amp;to&amp;tariffId</c>: the same history under another tariff.</summary>
/// <param name="Actual">By what is assigned.</param>
/// <param name="Other">By the other tariff, from the first of the period's first month on.</param>
/// <param name="Difference">Other less actual, with VAT; null where the currencies differ or one of them has none.</param>
public sealed record WhatIfAnswer(BillAnswer Actual, BillAnswer Other, decimal? Difference);
