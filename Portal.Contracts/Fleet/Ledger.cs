namespace Portal.Contracts.Fleet;

/// <summary>
/// What one side holds of a device and a UTC day. Two sides whose <see cref="Hash"/> is the same hold the same rows and values.
/// </summary>
/// <param name="ExternalId">The device's serial.</param>
/// <param name="Day">UTC day.</param>
/// <param name="Count">Rows; 0 where the side holds none (then all that follows is null).</param>
/// <param name="MinTime">First row's time.</param>
/// <param name="MaxTime">Last row's time.</param>
/// <param name="EnergyDeltaKwh">Last known import register minus the first known one; null where fewer than one is known. For people; not compared.</param>
/// <param name="Hash">Hexadecimal SHA-256 over the rows' defined bytes (<c>Portal.Domain/Ledger</c>).</param>
public sealed record LedgerDay(
    string ExternalId,
    DateOnly Day,
    int Count,
    DateTimeOffset? MinTime,
    DateTimeOffset? MaxTime,
    double? EnergyDeltaKwh,
    string? Hash
);

/// <summary>
/// Body of <c>POST /api/fleet/ledger</c>: all device-days that the client holds within a range and has nothing to push of. What the fleet
/// holds in that range and the client doesn't name is something that the client has lost.
/// </summary>
/// <param name="ProtocolVersion">See <see cref="PushProtocol"/>; 2 at least.</param>
/// <param name="From">First UTC day of the range.</param>
/// <param name="To">First UTC day after it; tomorrow (UTC) at most, a day of clocks' difference aside: of today what has been pushed so far.</param>
/// <param name="After">Only serials after this one, ordinal; null: from the first.</param>
/// <param name="Until">Only serials up to this one, ordinal; null: to the last.</param>
/// <param name="Days">At most <see cref="PushLimits.MaxLedgerDays"/>.</param>
/// <param name="Pending">Device-days within the range that are left out because rows of them wait to be pushed; neither proven nor lost.</param>
public sealed record LedgerRequest(
    int? ProtocolVersion,
    DateOnly From,
    DateOnly To,
    string? After,
    string? Until,
    IReadOnlyList<LedgerDay> Days,
    IReadOnlyList<PendingDay>? Pending
);

/// <summary>A device-day that still has something to push.</summary>
public sealed record PendingDay(string ExternalId, DateOnly Day);

/// <summary>Answer of <c>POST /api/fleet/ledger</c>.</summary>
/// <param name="Equal">Device-days that both sides hold alike: proven.</param>
/// <param name="Differences">What the fleet holds of the others, at most <see cref="PushLimits.MaxLedgerDays"/>.</param>
public sealed record LedgerAnswer(int Equal, IReadOnlyList<LedgerDay> Differences);

/// <summary>
/// Answer of <c>GET /api/fleet/ledger/rows?externalId&amp;day</c>: what the fleet holds of a device-day, for a client that has lost it.
/// </summary>
/// <param name="Site">The device's site, so that it can be made again; null where it is not known.</param>
/// <param name="Device">The device as it was pushed last.</param>
/// <param name="Measurements">Rows in the native form, oldest first; a whole day.</param>
public sealed record LedgerRows(SiteRow? Site, DeviceRow Device, IReadOnlyList<IReadOnlyDictionary<string, object>> Measurements);

/// <summary>Answer of <c>GET /api/fleet/customers/{id}/ledger</c>.</summary>
/// <param name="ProvenDeviceDays">Closed device-days that both sides hold alike.</param>
/// <param name="OpenDifferences">Device-days that differed when they were compared last and are not mended yet.</param>
/// <param name="OldestUnproven">The oldest day that is not proven: differing, or held by the fleet and not compared since it changed; null: none.</param>
/// <param name="RowsProven">Rows of the proven device-days.</param>
/// <param name="LastExchangeAt">When the client compared last; null: never (a client of protocol version 1 doesn't).</param>
/// <param name="Days">Per day, newest first, the last 400 days at most.</param>
public sealed record CustomerLedger(
    long ProvenDeviceDays,
    long OpenDifferences,
    DateOnly? OldestUnproven,
    long RowsProven,
    DateTimeOffset? LastExchangeAt,
    IReadOnlyList<LedgerDaySummary> Days
);

/// <summary>One UTC day of a customer's ledger.</summary>
/// <param name="Today">True for the day that is still open: its rows are neither proven nor missing.</param>
/// <param name="Proven">Device-days that both sides hold alike.</param>
/// <param name="Open">Device-days that differ.</param>
/// <param name="Unproven">Device-days that have not been compared since they changed.</param>
/// <param name="Rows">Rows that the fleet holds of the day.</param>
public sealed record LedgerDaySummary(DateOnly Day, bool Today, int Proven, int Open, int Unproven, long Rows);
