using System.Text.Json.Serialization;

namespace Portal.Contracts.Fleet;

/// <summary>
/// Versions of the push protocol. A batch states its own in <c>protocolVersion</c>; one that states none is version 1.
/// </summary>
/// <remarks>
/// 1: sites, devices, measurements, heartbeat. 2: <c>replace</c> of measurements, and the delivery ledger. A receiver takes its own version
/// and the one before, so that the fleet is updated first and its customers' stacks at their own pace.
/// </remarks>
public static class PushProtocol
{
    /// <summary>What senders of this release speak.</summary>
    public const int Current = 2;

    /// <summary>The oldest version that receivers of this release take.</summary>
    public const int Oldest = 1;
}

/// <summary>Values of <c>batchType</c>.</summary>
public static class BatchTypes
{
    public const string Sites = "sites";
    public const string Devices = "devices";
    public const string Measurements = "measurements";

    /// <summary>Empty <c>rows</c> and a <c>client</c>; updates the customer and leaves no event.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>In ingest events only: refused before it could be seen what it was.</summary>
    public const string Unknown = "unknown";
}

/// <summary>
/// Body of <c>POST /api/fleet/ingest</c>. Of <c>measurements</c> this is the envelope only: their rows have the native form of a meter's
/// post and are read as a stream.
/// </summary>
/// <param name="ProtocolVersion">See <see cref="PushProtocol"/>; null is 1.</param>
/// <param name="BatchId">UUID version 7 made by the sender. The same one twice has the effect of once, and the same answer.</param>
/// <param name="BatchType">One of <see cref="BatchTypes"/>.</param>
/// <param name="SentAt">The sender's clock.</param>
/// <param name="Rows">At most <see cref="MaxRows"/>; may be empty.</param>
/// <param name="Client">With a heartbeat only.</param>
/// <param name="Replace">
/// With measurements only, from version 2 on: stored values that differ give way to these. How the delivery ledger mends a day on which both
/// sides have a value for the same device, instant and column; the client's is the right one.
/// </param>
public sealed record PushBatch<TRow>(
    int? ProtocolVersion,
    Guid BatchId,
    string BatchType,
    DateTimeOffset SentAt,
    IReadOnlyList<TRow> Rows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PushClient? Client = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Replace = false
);

/// <summary>Most rows of one batch.</summary>
public static class PushLimits
{
    /// <summary>Rows of one batch at most; more are refused with 413.</summary>
    public const int MaxRows = 50_000;

    /// <summary>Entries of one <see cref="LedgerRequest"/>, and differences of one answer, at most.</summary>
    public const int MaxLedgerDays = 5_000;
}

/// <summary>A site as its stack pushes it.</summary>
/// <param name="ExternalId">The stack's own key of the site, 1 to 64 characters.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Deleted">True: a tombstone. The site goes from the fleet, as it went from the stack, and its name and zone aren't looked at. A
/// device that the fleet still has there has no site from then on.</param>
public sealed record SiteRow(
    string? ExternalId,
    string? Name,
    string? TimeZone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Deleted = false
);

/// <summary>A device as its stack pushes it.</summary>
/// <param name="ExternalId">Its serial, unique within the customer, 1 to 64 characters.</param>
/// <param name="SiteExternalId">The site's <see cref="SiteRow.ExternalId"/>; ignored where <paramref name="Deleted"/>.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Model">Up to 100 characters; null where unknown.</param>
/// <param name="Role"><c>main</c>, <c>sub</c>, <c>generation</c> or <c>check</c>; null is <c>main</c>.</param>
/// <param name="Deleted">True: a tombstone. The device and its measurements go from the fleet, as they went from the stack.</param>
public sealed record DeviceRow(string? ExternalId, string? SiteExternalId, string? Name, string? Model, string? Role, bool Deleted = false);

/// <summary>What a heartbeat says of the sender.</summary>
/// <param name="ProtocolVersion">See <see cref="PushProtocol"/>.</param>
/// <param name="SoftwareVersion">The release, up to 64 characters.</param>
/// <param name="Clock">The sender's clock when it sent; this minus the receiver's is the clock's skew.</param>
/// <param name="BacklogRows">Rows noted and not acknowledged yet; an estimate.</param>
/// <param name="NewestTime">Time of the newest measurement stored; null: none.</param>
/// <param name="DiskFreeBytes">Free bytes of the disk that the stack's data is on; null where it can't be known.</param>
/// <param name="LastBackupAt">When the last backup ended well; null: never, or none is known of.</param>
public sealed record PushClient(
    int ProtocolVersion,
    string? SoftwareVersion,
    DateTimeOffset? Clock,
    long BacklogRows,
    DateTimeOffset? NewestTime,
    long? DiskFreeBytes,
    DateTimeOffset? LastBackupAt
);

/// <summary>Answer to an accepted batch. Counts are of rows and add up to their number.</summary>
public sealed record PushAnswer(Guid BatchId, int Accepted, int Duplicate, int Rejected, IReadOnlyList<Ingest.Rejection> Rejections);
