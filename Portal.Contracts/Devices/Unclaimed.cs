using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Devices;

/// <summary>A serial that posted and that no device has: its rows wait in quarantine.</summary>
/// <param name="ExternalId">The serial.</param>
/// <param name="Rows">Rows that wait; the same instant in two posts counts twice.</param>
/// <param name="FirstReceivedAt">When the oldest waiting post came in.</param>
/// <param name="LastReceivedAt">When the newest one did.</param>
/// <param name="NewestTime">Latest time of its rows; null where all came without an offset, which the site's zone will give them.</param>
public sealed record UnclaimedItem(
    string ExternalId,
    long Rows,
    DateTimeOffset FirstReceivedAt,
    DateTimeOffset LastReceivedAt,
    DateTimeOffset? NewestTime
);

/// <summary>Answer of <c>GET /api/devices/unclaimed/dropped</c>: rows of unclaimed devices that were lost in the last 90 days.</summary>
/// <param name="TooOld">They had waited for longer than <c>Quarantine__MaxAge</c>.</param>
/// <param name="NoRoom">They were the oldest of more than <c>Quarantine__MaxBytes</c>.</param>
/// <param name="LastDay">UTC day of the newest loss; null: nothing was lost.</param>
public sealed record DroppedRows(long TooOld, long NoRoom, DateOnly? LastDay);

/// <summary>Body of <c>POST /api/devices/unclaimed/{externalId}/claim</c>: 201 with a <see cref="DeviceCreated"/>.</summary>
/// <param name="SiteId">Site it belongs to; its clock is the one of rows that came without an offset.</param>
/// <param name="Name">As shown to people; null or left out takes the serial.</param>
/// <param name="Model">Null or left out where not known.</param>
/// <param name="Role"><see cref="DeviceRoles"/>; null or left out is main.</param>
public sealed record ClaimBody(
    [Required, StringLength(64)] string SiteId,
    [StringLength(200), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string? Name = null,
    [StringLength(100), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string? Model = null,
    [AllowedValues(null, DeviceRoles.Main, DeviceRoles.Sub, DeviceRoles.Generation, DeviceRoles.Check, ErrorMessage = DeviceRoles.Error)]
        string? Role = null
);

/// <summary>Item of <c>GET /api/devices/{id}/unknown-parameters</c>: what a device posts and the portal doesn't know, so doesn't store.</summary>
/// <param name="Name">As posted, at most 128 characters.</param>
/// <param name="Count">How many values of it were posted.</param>
public sealed record UnknownParameterItem(string Name, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Count);
