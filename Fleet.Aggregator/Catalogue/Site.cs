namespace Fleet.Aggregator.Catalogue;

/// <summary>A site as its stack pushed it last.</summary>
public sealed class Site
{
    public const int MaxNameLength = 200;
    public const int MaxTimeZoneLength = 64;

    public int CustomerId { get; set; }

    /// <summary>Given by the database, unique over the fleet.</summary>
    public int Id { get; set; }

    /// <summary>The stack's own key of it, unique within the customer; a device's rules hold (<c>Portal.Domain</c>'s <c>ExternalId</c>).</summary>
    public required string ExternalId { get; set; }

    public required string Name { get; set; }

    /// <summary>IANA name.</summary>
    public required string TimeZone { get; set; }
}
