namespace Portal.Data;

/// <summary>A place with meters, and the clock its intervals and days follow.</summary>
public sealed class Site
{
    public const int MaxNameLength = 200;
    public const int MaxTimeZoneLength = 64;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Name for people, 1 to <see cref="MaxNameLength"/> characters; not unique.</summary>
    public required string Name { get; set; }

    /// <summary>
    /// IANA name of the time zone (<c>Africa/Johannesburg</c>). It gives local times of meters their instant, so it is changed
    /// only under <see cref="CatalogueLock.TakeExclusiveAsync"/>.
    /// </summary>
    public required string TimeZone { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Devices of this site; a site that still has devices can't be deleted (foreign key).</summary>
    public List<Device> Devices { get; } = [];
}
