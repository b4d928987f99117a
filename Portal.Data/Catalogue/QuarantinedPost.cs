namespace Portal.Data;

/// <summary>Rows of one unknown device out of one post, kept until the device is claimed or the quarantine's bounds drop them.</summary>
public sealed class QuarantinedPost
{
    public long Id { get; set; }

    /// <summary>The unknown device's serial. One that is longer than <see cref="Device.MaxExternalIdLength"/> can't be claimed, so it isn't kept either.</summary>
    public required string ExternalId { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>Earliest time of its rows; null where the meter gave local times and the zone is not known yet.</summary>
    public DateTimeOffset? MinTime { get; set; }

    /// <summary>Latest time of its rows; null as <see cref="MinTime"/>.</summary>
    public DateTimeOffset? MaxTime { get; set; }

    public int Rows { get; set; }

    /// <summary>Length of <see cref="Payload"/>, kept apart so that sums don't read it.</summary>
    public int Bytes { get; set; }

    /// <summary>True where the payload's times are the site's wall clock.</summary>
    public bool IsLocal { get; set; }

    /// <summary>SHA-256 of the payload; unique with the serial, so that a repeated post is kept once.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The rows as JSON of the native form.</summary>
    public required byte[] Payload { get; set; }
}
