using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Devices;

/// <summary>What a device's figures mean within its site.</summary>
public static class DeviceRoles
{
    /// <summary>Counts towards the site's total.</summary>
    public const string Main = "main";

    /// <summary>Behind a main meter: its energy is part of the main's.</summary>
    public const string Sub = "sub";

    /// <summary>Measures generation (a solar plant).</summary>
    public const string Generation = "generation";

    /// <summary>Measures what another one measures too, for comparison.</summary>
    public const string Check = "check";

    internal const string Error = "Must be main, sub, generation or check.";
}

/// <summary>
/// Body of <c>POST /api/devices</c> (201) and <c>PUT /api/devices/{id}</c> (200). 409 where another device has the
/// <paramref name="ExternalId"/>. Rows that wait in quarantine for it are admitted before the answer.
/// </summary>
/// <param name="SiteId">Site it belongs to; another one moves it.</param>
/// <param name="Name">As shown to people.</param>
/// <param name="ExternalId">Serial that the meter posts, compared exactly.</param>
/// <param name="Model">For people; null or left out where not known.</param>
/// <param name="Role"><see cref="DeviceRoles"/>; null or left out is main on creation, and no change on update.</param>
public sealed record DeviceBody(
    [Required, StringLength(64)] string SiteId,
    [Required, StringLength(200), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string Name,
    [Required, StringLength(64), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string ExternalId,
    [StringLength(100), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string? Model = null,
    [AllowedValues(null, DeviceRoles.Main, DeviceRoles.Sub, DeviceRoles.Generation, DeviceRoles.Check, ErrorMessage = DeviceRoles.Error)]
        string? Role = null
);

/// <summary>A device.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="ExternalId">Serial that the meter posts.</param>
/// <param name="Model">Null where not known.</param>
/// <param name="Role"><see cref="DeviceRoles"/>.</param>
public sealed record DeviceItem(string Id, string SiteId, string Name, string ExternalId, string? Model, string Role, DateTimeOffset CreatedAt);

/// <summary>Answer of creating or claiming a device: what a <see cref="DeviceItem"/> has, and what waited for it.</summary>
/// <param name="AdmittedRows">Rows that came out of quarantine and are measurements now.</param>
public sealed record DeviceCreated(
    string Id,
    string SiteId,
    string Name,
    string ExternalId,
    string? Model,
    string Role,
    DateTimeOffset CreatedAt,
    long AdmittedRows
);
