using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates;

/// <summary>What must hold between a version and what is stored already.</summary>
internal static class RateChecks
{
    /// <summary>The approved version that stands in the way: it holds on the same days, and isn't simply an earlier one without an end.</summary>
    public static TariffVersionRecord? InTheWay(IEnumerable<TariffVersionRecord> approved, DateOnly from, DateOnly? to, Guid? except) =>
        approved.FirstOrDefault(other => other.Id != except && Validity.Overlap(other.From, other.To, from, to) && !(other.To is null && other.From < from));

    /// <summary>The earlier one without an end, which this one ends.</summary>
    public static TariffVersionRecord? EndedBy(IEnumerable<TariffVersionRecord> approved, DateOnly from, Guid? except) =>
        approved.FirstOrDefault(other => other.Id != except && other.To is null && other.From < from);

    public static string Days(DateOnly from, DateOnly? to) =>
        to is { } end ? FormattableString.Invariant($"from {from:yyyy-MM-dd} to {end:yyyy-MM-dd}") : FormattableString.Invariant($"from {from:yyyy-MM-dd} on");
}
