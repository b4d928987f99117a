namespace Portal.Domain.Tariffs;

/// <summary>All that a bill depends on.</summary>
/// <param name="Zone">The site's clock: days, months, windows and validities follow it.</param>
/// <param name="From">Start of the period, inclusive. Whole days are usual; part of a day is charged pro rata.</param>
/// <param name="To">End of the period, exclusive.</param>
/// <param name="Tariffs">What applies to the site when; at most one on a day.</param>
/// <param name="Facts">In any order; null or empty: nothing is known.</param>
/// <param name="Meters">
/// The site's main meters, with readings from <see cref="BillNeeds.From"/> on. Where the roll-ups hold none of a register, its curve is empty.
/// </param>
public sealed record BillInput(
    TimeZoneInfo Zone,
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<AppliedTariff> Tariffs,
    IReadOnlyList<SiteFacts>? Facts,
    IReadOnlyList<MeterRegisters> Meters
)
{
    /// <summary>What held of the site on a day.</summary>
    internal SiteFacts FactsOn(DateOnly date) => Facts?.Where(facts => facts.From <= date).MaxBy(facts => facts.From) ?? SiteFacts.Unknown;
}
