namespace Portal.Domain.Tariffs;

/// <summary>What a utility charges a class of customers, as its versions had it and have it.</summary>
/// <param name="Municipality">Municipality or utility that charges.</param>
/// <param name="Name">As people know it: <c>Miniflex</c>.</param>
/// <param name="Versions">In any order; the validities of those that bills are made with don't overlap.</param>
public sealed record Tariff(string Municipality, string Name, IReadOnlyList<TariffVersion> Versions)
{
    /// <summary>The version in force on a day; null where there is none.</summary>
    public TariffVersion? On(DateOnly date) => Versions.FirstOrDefault(version => Validity.Holds(version.From, version.To, date));
}

/// <summary>Prices while they stay the same.</summary>
/// <param name="Id">Names it in explanations; opaque.</param>
/// <param name="From">First day, on the site's clock.</param>
/// <param name="To">The day after the last one; null: until further notice.</param>
/// <param name="Currency">ISO 4217: <c>ZAR</c>.</param>
/// <param name="VatPercent">15 is fifteen per cent.</param>
/// <param name="Source">Where the prices were published: document, page.</param>
/// <param name="Clock">Seasons and bands; null for a tariff that has none.</param>
/// <param name="Holidays">What holidays count as for this tariff; null: what the clock says.</param>
/// <param name="Components">In the order of the bill.</param>
public sealed record TariffVersion(
    string Id,
    DateOnly From,
    DateOnly? To,
    string Currency,
    decimal VatPercent,
    string Source,
    TariffClock? Clock,
    HolidayRule? Holidays,
    IReadOnlyList<TariffComponent> Components
);

/// <summary>A tariff that applies to a site for some days.</summary>
/// <param name="From">First day, on the site's clock.</param>
/// <param name="To">The day after the last one; null: until further notice.</param>
public sealed record AppliedTariff(DateOnly From, DateOnly? To, Tariff Tariff);

/// <summary>What a tariff has to know of a site besides its meters, from a day on.</summary>
/// <param name="From">First day, on the site's clock; it holds until the next one.</param>
/// <param name="NotifiedDemandKva">Demand that the site has notified the network of (NMD); null where none is known.</param>
/// <param name="ConnectionPoints">Points of delivery, 1 or more.</param>
/// <param name="Amperes">Size of the connection; null where not known.</param>
public sealed record SiteFacts(DateOnly From, decimal? NotifiedDemandKva, int ConnectionPoints, decimal? Amperes)
{
    /// <summary>What is taken before the first known facts: one connection, nothing else known.</summary>
    public static SiteFacts Unknown { get; } = new(DateOnly.MinValue, null, 1, null);
}
