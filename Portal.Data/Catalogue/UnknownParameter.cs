namespace Portal.Data;

/// <summary>A parameter that a device posts and the portal doesn't know: counted and shown, not stored.</summary>
public sealed class UnknownParameter
{
    public const int MaxNameLength = 128;

    /// <summary>Serial of the device that posted it.</summary>
    public required string ExternalId { get; set; }

    /// <summary>The parameter's name as posted, cut at <see cref="MaxNameLength"/> characters.</summary>
    public required string Name { get; set; }

    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>How many values of it were posted.</summary>
    public long Count { get; set; }
}
