namespace Fleet.Aggregator.Catalogue;

/// <summary>
/// A device as its stack pushed it last, and how it posts. Its key is never given to another one, deleted or not: the row of a deleted device
/// stays as its tombstone.
/// </summary>
public sealed class Device
{
    public const int MaxNameLength = 200;
    public const int MaxModelLength = 100;

    public int CustomerId { get; set; }

    /// <summary>Given by the database, unique over the fleet.</summary>
    public int Id { get; set; }

    /// <summary>Its serial, unique within the customer: two customers may well have devices of the same one.</summary>
    public required string ExternalId { get; set; }

    /// <summary>Null where its stack named none.</summary>
    public int? SiteId { get; set; }

    public required string Name { get; set; }

    public string? Model { get; set; }

    /// <summary>One of <c>DeviceRoles</c>, as on the wire.</summary>
    public required string Role { get; set; }

    /// <summary>When its stack said that it is deleted; its measurements went with that. Null: it lives.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Time of its newest measurement, by its own clock; null: none.</summary>
    public DateTimeOffset? LastTime { get; set; }

    /// <summary>When <see cref="LastTime"/> last moved on, by our clock. Older rows of a replay wave don't move it.</summary>
    public DateTimeOffset? AdvancedAt { get; set; }

    /// <summary>Learned interval between its newest measurements, in seconds; null before two of them came. See <c>Cadence</c>.</summary>
    public double? CadenceSeconds { get; set; }

    /// <summary>From how many intervals that was learned; it stops counting where that no longer matters.</summary>
    public short CadenceSamples { get; set; }

    /// <summary>The silence that it is part of; null while it is heard.</summary>
    public long? SilenceId { get; set; }
}
