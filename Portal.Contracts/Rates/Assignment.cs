using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Rates;

/// <summary>
/// Body of <c>POST /api/rates/assignments</c> (201) and <c>PUT …/{id}</c> (200). One that begins later than another without an end gives that one
/// its end; other overlaps are refused (409).
/// </summary>
/// <param name="From">First day, on the site's clock.</param>
/// <param name="To">The day after the last one; null: until further notice.</param>
public sealed record AssignmentBody(
    [Required, StringLength(64)] string SiteId,
    [Required, StringLength(64)] string TariffId,
    [Required] DateOnly? From,
    DateOnly? To = null
);

/// <summary>A tariff that applies to a site for some days.</summary>
public sealed record AssignmentItem(string Id, string SiteId, string TariffId, string Municipality, string Tariff, DateOnly From, DateOnly? To);

/// <summary>Body of <c>PUT /api/rates/facts</c>: what holds of a site from a day on; 200 with a <see cref="SiteFactsItem"/>. The same day replaces.</summary>
/// <param name="NotifiedDemandKva">NMD, above 0; null where none is known.</param>
/// <param name="ConnectionPoints">Points of delivery; null is one.</param>
/// <param name="Amperes">Size of the connection; null where not known.</param>
public sealed record SiteFactsBody(
    [Required, StringLength(64)] string SiteId,
    [Required] DateOnly? From,
    [Range(0.001, 1_000_000_000)] decimal? NotifiedDemandKva = null,
    [Range(1, 1_000)] int? ConnectionPoints = null,
    [Range(0.001, 1_000_000)] decimal? Amperes = null
);

/// <summary>What a tariff has to know of a site besides its meters, from a day on.</summary>
public sealed record SiteFactsItem(string Id, string SiteId, DateOnly From, decimal? NotifiedDemandKva, int ConnectionPoints, decimal? Amperes);
