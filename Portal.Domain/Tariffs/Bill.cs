namespace Portal.Domain.Tariffs;

/// <summary>What a period cost. Amounts have full precision; only <see cref="Total"/> is rounded.</summary>
/// <param name="Currency">ISO 4217; null where no tariff was in force at all.</param>
/// <param name="Lines">By part of the period, in the order of the tariff's components.</param>
/// <param name="Subtotal">Sum of the known amounts, without VAT.</param>
/// <param name="Vat">By rate.</param>
/// <param name="Total">Subtotal and VAT, rounded once, half away from zero to the cent.</param>
/// <param name="Missing">Stretches in which no meter's import register is known, in order.</param>
/// <param name="Uncovered">Stretches that no price is known for, in order.</param>
/// <param name="Notes">What the reader should know, each once.</param>
public sealed record Bill(
    DateTimeOffset From,
    DateTimeOffset To,
    string? Currency,
    IReadOnlyList<BillLine> Lines,
    decimal Subtotal,
    IReadOnlyList<VatAmount> Vat,
    decimal Total,
    IReadOnlyList<BillSpan> Missing,
    IReadOnlyList<UncoveredSpan> Uncovered,
    IReadOnlyList<BillNote> Notes
)
{
    /// <summary>False where an amount or a price is not known, or energy is missing: the total is less than the truth.</summary>
    public bool IsComplete =>
        Missing.Count == 0 && Uncovered.Count == 0 && Lines.All(line => line.Amount is not null && line.Missing == TimeSpan.Zero);

    /// <summary>True where a quantity leans on interpolation over a gap, on a reset, or covers only the known part.</summary>
    public bool IsEstimated => Lines.Any(line => line.IsEstimated);
}

/// <summary>A half-open stretch of time.</summary>
public readonly record struct BillSpan(DateTimeOffset From, DateTimeOffset To);

/// <summary>VAT of the lines with one rate.</summary>
/// <param name="Percent">15 is fifteen per cent.</param>
/// <param name="Base">Sum of their amounts.</param>
/// <param name="Amount">VAT on it, full precision.</param>
public sealed record VatAmount(decimal Percent, decimal Base, decimal Amount);

/// <summary>Why a stretch of time has no price.</summary>
public enum UncoveredReason
{
    /// <summary>No tariff is assigned to the site.</summary>
    NoTariff,

    /// <summary>The tariff has no version in force.</summary>
    NoVersion,

    /// <summary>The version's clock has no version in force.</summary>
    NoClock,
}

/// <summary>A stretch of time without a price.</summary>
public readonly record struct UncoveredSpan(DateTimeOffset From, DateTimeOffset To, UncoveredReason Reason);

/// <summary>What the reader of a bill should know.</summary>
public enum BillNote
{
    /// <summary>Demand in kVA was taken from active energy alone, since no reactive energy is known: it is too low.</summary>
    ReactiveUnknown,

    /// <summary>No notified maximum demand is known: the capacity charge follows the measured demand alone.</summary>
    NotifiedDemandUnknown,

    /// <summary>The size of the connection in amperes isn't known: what is charged by it is missing.</summary>
    AmperesUnknown,

    /// <summary>The highest demand of the last months was looked for in less than all of them, since the readings begin later.</summary>
    DemandHistoryShort,

    /// <summary>More was used than the blocks have prices for.</summary>
    BeyondBlocks,
}

/// <summary>One amount, and what it was made from: <c>Amount = Quantity · Price · Share</c>.</summary>
/// <param name="Id">Names the line in the bill of this period, also when it is made again.</param>
/// <param name="Tariff">The tariff it comes from.</param>
/// <param name="Version">The version it comes from.</param>
/// <param name="Component">The rule.</param>
/// <param name="From">Start of the part of the period that it is for: a calendar month, or what one version holds of it.</param>
/// <param name="To">End of that part.</param>
/// <param name="Season">Null where the tariff has no clock.</param>
/// <param name="Band">Null where the line is for all or several bands.</param>
/// <param name="Block">Null where it is for no block.</param>
/// <param name="Quantity">In <paramref name="Unit"/>; null where nothing is known.</param>
/// <param name="Unit">One of <see cref="BillUnits"/>, or the currency for a percentage.</param>
/// <param name="Price">Per unit, without VAT; null where the tariff has none.</param>
/// <param name="Share">Share of the month that a monthly price is charged for; 1 elsewhere.</param>
/// <param name="Amount">Full precision, without VAT; null where quantity or price is not known.</param>
/// <param name="IsEstimated">See <see cref="Bill.IsEstimated"/>.</param>
/// <param name="EstimatedQuantity">How much of the quantity is an estimate.</param>
/// <param name="Missing">How much time of the line no meter knows.</param>
public sealed record BillLine(
    string Id,
    Tariff Tariff,
    TariffVersion Version,
    TariffComponent Component,
    DateTimeOffset From,
    DateTimeOffset To,
    string? Season,
    string? Band,
    BlockRange? Block,
    decimal? Quantity,
    string Unit,
    decimal? Price,
    decimal Share,
    decimal? Amount,
    bool IsEstimated,
    decimal EstimatedQuantity,
    TimeSpan Missing
);

/// <summary>kWh of the calendar month that a block holds.</summary>
/// <param name="To">Null: without end.</param>
public readonly record struct BlockRange(decimal From, decimal? To);

/// <summary>Units of quantities on a bill.</summary>
public static class BillUnits
{
    public const string Kwh = "kWh";
    public const string Kvarh = "kvarh";
    public const string Kva = "kVA";
    public const string Kw = "kW";
    public const string Day = "day";
    public const string Month = "month";
    public const string ConnectionPoint = "connection point";
    public const string Ampere = "A";
}
