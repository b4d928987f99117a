namespace Portal.Contracts.Fleet;

/// <summary>Answer of <c>GET /api/fleet/dashboard</c>. "Today" is the day of <c>Fleet__TimeZone</c>.</summary>
/// <param name="TimeZone">IANA name of that zone.</param>
public sealed record FleetDashboard(
    int TotalCustomers,
    int ActiveCustomers,
    long MeasurementsToday,
    double EnergyTodayKwh,
    IReadOnlyList<DashboardCustomer> Customers,
    string TimeZone = "UTC"
);

/// <summary>A customer as one line of the dashboard.</summary>
/// <param name="Active">The operator's switch.</param>
/// <param name="LastPushAt">When its last push or heartbeat was accepted; null: never.</param>
/// <param name="LagSeconds">Now minus the time of the newest measurement received; null: none yet. Not below 0.</param>
/// <param name="Tag">One of <see cref="LagTags"/>, by <paramref name="LagSeconds"/>.</param>
/// <param name="Devices">Devices that are not deleted.</param>
/// <param name="SilentDevices">Those that have not measured for longer than their cadence allows.</param>
/// <param name="MeasurementsToday">Rows measured today.</param>
/// <param name="EnergyTodayKwh">Import of its main meters today: the sum of their hours by <c>fleet.hourly_energy</c>.</param>
/// <param name="ClockSkewSeconds">The client's clock minus ours at the last heartbeat; null: no heartbeat yet.</param>
/// <param name="SoftwareVersion">Of the last heartbeat.</param>
/// <param name="BacklogRows">Of the last heartbeat.</param>
/// <param name="LastBackupAt">Of the last heartbeat; null: no backup is known of.</param>
/// <param name="DiskFreeBytes">Of the last heartbeat.</param>
/// <param name="OpenDifferences">Device-days of the delivery ledger that differ; null: no closed day has been compared yet, so nothing is proven.</param>
public sealed record DashboardCustomer(
    int Id,
    string Code,
    string Name,
    bool Active,
    DateTimeOffset? LastPushAt,
    double? LagSeconds,
    string Tag,
    int Devices,
    int SilentDevices,
    long MeasurementsToday,
    double EnergyTodayKwh,
    double? ClockSkewSeconds,
    string? SoftwareVersion,
    long? BacklogRows,
    DateTimeOffset? LastBackupAt,
    long? DiskFreeBytes,
    long? OpenDifferences
);

/// <summary>How far behind a customer's data is.</summary>
public static class LagTags
{
    /// <summary>Under 5 minutes.</summary>
    public const string Fresh = "fresh";

    /// <summary>Under an hour.</summary>
    public const string Late = "late";

    /// <summary>An hour or more.</summary>
    public const string Stale = "stale";

    /// <summary>No measurement yet.</summary>
    public const string Never = "never";
}

/// <summary>Answer of <c>GET /api/fleet/customers/{id}/detail</c>.</summary>
/// <param name="Sites">At most 1,000, by name; all of them by <c>GET /api/fleet/customers/{id}/sites</c>.</param>
/// <param name="Devices">At most 1,000, the silent ones first; all of them by <c>GET /api/fleet/customers/{id}/devices</c>.</param>
/// <param name="Measurements">The 50 newest by their time.</param>
/// <param name="IngestEvents">The 20 newest.</param>
/// <param name="Silences">The 20 newest, open ones first.</param>
/// <param name="TimeZone">IANA name of the zone whose day is "today".</param>
/// <param name="TotalSites">How many sites there are.</param>
public sealed record CustomerDetail(
    DashboardCustomer Customer,
    IReadOnlyList<FleetSite> Sites,
    IReadOnlyList<FleetDevice> Devices,
    IReadOnlyList<FleetMeasurement> Measurements,
    IReadOnlyList<IngestEventView> IngestEvents,
    IReadOnlyList<SilenceView> Silences,
    string TimeZone = "UTC",
    int TotalSites = 0
);

public sealed record FleetSite(int Id, string ExternalId, string Name, string TimeZone, int Devices);

/// <summary>A device as its stack pushed it, and how it posts.</summary>
/// <param name="LastTime">Time of its newest measurement; null: none.</param>
/// <param name="CadenceSeconds">Learned: by how much its newest measurement is usually newer than the one pushed before, in seconds; null: not known yet.</param>
/// <param name="Silent">True: nothing newer for longer than its cadence allows.</param>
public sealed record FleetDevice(
    int Id,
    string ExternalId,
    int? SiteId,
    string? SiteName,
    string Name,
    string? Model,
    string Role,
    DateTimeOffset? LastTime,
    double? CadenceSeconds,
    bool Silent
);

/// <summary>One measurement in short. Absent values are null.</summary>
public sealed record FleetMeasurement(
    DateTimeOffset Time,
    DateTimeOffset ReceivedAt,
    int DeviceId,
    string ExternalId,
    string DeviceName,
    double? ActivePowerKw,
    double? EnergyImportKwh,
    double? EnergyExportKwh
);

/// <summary>One batch that a stack pushed, or a push that was refused.</summary>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="MinTime">Time of the oldest row, and <paramref name="MaxTime"/> of the newest: a wide span is a replay wave. Null where it had none.</param>
/// <param name="DurationMs">From the body's first byte to the commit.</param>
/// <param name="Bytes">As sent.</param>
/// <param name="TraceId">Of the request's trace; null where there was none.</param>
/// <param name="Error">Null where it went well.</param>
/// <param name="Rejections">Why rows were rejected, by reason, the most frequent first; of the first 100 of them. Empty: none was.</param>
public sealed record IngestEventView(
    long Id,
    string BatchType,
    int Status,
    int RowsReceived,
    int RowsAccepted,
    int RowsDuplicate,
    int RowsRejected,
    DateTimeOffset? MinTime,
    DateTimeOffset? MaxTime,
    DateTimeOffset ReceivedAt,
    double DurationMs,
    long Bytes,
    string? TraceId,
    string? Error,
    IReadOnlyList<RejectedRows> Rejections
);

/// <summary>Rows of a batch that were rejected for one reason.</summary>
/// <param name="Reason">One of <see cref="Ingest.RejectionReasons"/>.</param>
/// <param name="Examples">Serials, or keys of sites, of up to three of them.</param>
public sealed record RejectedRows(string Reason, int Rows, IReadOnlyList<string> Examples);

/// <summary>Devices of a customer that fell silent together: one event, however many.</summary>
/// <param name="Kind"><c>devices</c>: these measured nothing. <c>stack</c>: the whole stack pushes nothing, so nothing is known of its devices.</param>
/// <param name="EndedAt">Null while it goes on.</param>
/// <param name="Devices">How many devices.</param>
/// <param name="Examples">Serials of up to five of them.</param>
public sealed record SilenceView(long Id, string Kind, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Devices, IReadOnlyList<string> Examples);
