namespace Portal.Contracts.Rates;

/// <summary>What may become of a tariff's version.</summary>
public static class VersionStates
{
    /// <summary>Can be changed; no bill is made with it.</summary>
    public const string Draft = "draft";

    /// <summary>Bills are made with it; it never changes.</summary>
    public const string Approved = "approved";

    /// <summary>Was approved and turned out wrong; stays on record, no bill is made with it.</summary>
    public const string Withdrawn = "withdrawn";
}

/// <summary>A tariff in <c>GET /api/rates/tariffs</c>.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Municipality">Name of the municipality or utility.</param>
/// <param name="Sites">How many sites have it assigned, at any time.</param>
/// <param name="Versions">By first day.</param>
public sealed record TariffItem(string Id, string MunicipalityId, string Municipality, string Name, int Sites, IReadOnlyList<TariffVersionSummary> Versions);

/// <summary>A version without its prices.</summary>
/// <param name="From">First day, on a site's clock.</param>
/// <param name="To">The day after the last one; null: until further notice.</param>
/// <param name="State"><see cref="VersionStates"/>.</param>
public sealed record TariffVersionSummary(string Id, DateOnly From, DateOnly? To, string State);

/// <summary>Answer of <c>GET /api/rates/tariffs/{id}</c>: all versions with their prices, and the clocks that they follow.</summary>
public sealed record TariffDetail(
    string Id,
    string MunicipalityId,
    string Municipality,
    string Name,
    IReadOnlyList<TariffVersionItem> Versions,
    IReadOnlyList<ClockItem> Clocks
);

/// <summary>Prices while they stay the same.</summary>
/// <param name="To">The day after the last one; null: until further notice.</param>
/// <param name="State"><see cref="VersionStates"/>.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="VatPercent">15 is fifteen per cent.</param>
/// <param name="Source">Where the prices were published.</param>
/// <param name="Clock">Name of the clock; null where it has none.</param>
/// <param name="Components">In the order of the bill.</param>
/// <param name="ApprovedAt">Null while it is a draft.</param>
/// <param name="ApprovedBy">Email; null while it is a draft.</param>
/// <param name="WithdrawnAt">Null unless it was withdrawn.</param>
public sealed record TariffVersionItem(
    string Id,
    DateOnly From,
    DateOnly? To,
    string State,
    string Currency,
    decimal VatPercent,
    string Source,
    string? Clock,
    IReadOnlyList<TariffComponentItem> Components,
    DateTimeOffset? ApprovedAt,
    string? ApprovedBy,
    DateTimeOffset? WithdrawnAt
);

/// <summary>One thing that a version charges for, for people to read; the file (<c>…/file</c>) has its exact form.</summary>
/// <param name="Kind">As in the file: <c>energy</c>, <c>blocks</c>, <c>levy</c>, …</param>
/// <param name="Prices">One at least.</param>
public sealed record TariffComponentItem(string Kind, string Name, IReadOnlyList<TariffPriceItem> Prices);

/// <summary>A price and what it is for.</summary>
/// <param name="Season">Null: in every season.</param>
/// <param name="Band">Band or bands; null: in every one.</param>
/// <param name="FromKwh">Where a block begins; null where it is none.</param>
/// <param name="ToKwh">Where a block ends; null where it doesn't.</param>
/// <param name="Price">Without VAT; of a percentage the percent.</param>
/// <param name="Unit">What it is per: <c>kWh</c>, <c>kVA</c>, <c>month</c>, … or <c>%</c>.</param>
public sealed record TariffPriceItem(string? Season, string? Band, decimal? FromKwh, decimal? ToKwh, decimal Price, string Unit);
