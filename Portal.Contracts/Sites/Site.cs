using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Sites;

/// <summary>Body of <c>POST /api/sites</c> (201) and <c>PUT /api/sites/{id}</c> (200), both answered with a <see cref="SiteItem"/>.</summary>
/// <param name="Name">As shown to people.</param>
/// <param name="TimeZone">IANA name (<c>Africa/Johannesburg</c>): days and months of energy follow this clock.</param>
public sealed record SiteBody(
    [Required, StringLength(200), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string Name,
    [Required, StringLength(64)] string TimeZone
);

/// <summary>A site.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Devices">How many devices it has.</param>
public sealed record SiteItem(string Id, string Name, string TimeZone, int Devices, DateTimeOffset CreatedAt);
