namespace Portal.Data;

/// <summary>A meter that posts, found by its serial.</summary>
public sealed class Device
{
    public const int MaxNameLength = 200;
    public const int MaxExternalIdLength = 64;
    public const int MaxModelLength = 100;

    /// <summary>Key of its measurements: 4 bytes, given by the database, never used again after a deletion.</summary>
    public int Id { get; set; }

    public Guid SiteId { get; set; }

    public Site? Site { get; set; }

    /// <summary>Name for people, 1 to <see cref="MaxNameLength"/> characters; not unique.</summary>
    public required string Name { get; set; }

    /// <summary>
    /// The serial as the device posts it, compared exactly: unique, 1 to <see cref="MaxExternalIdLength"/> characters,
    /// no control characters.
    /// </summary>
    public required string ExternalId { get; set; }

    /// <summary>Model as the maker names it (<c>Acuvim II</c>); null where unknown.</summary>
    public string? Model { get; set; }

    /// <summary>Its part in the site's total.</summary>
    public DeviceRole Role { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
