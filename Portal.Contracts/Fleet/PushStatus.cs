namespace Portal.Contracts.Fleet;

/// <summary>Answer of <c>GET /api/fleet-push/status</c>: how the stack's push to the fleet goes.</summary>
/// <param name="Enabled"><c>FleetIngest__Enabled</c>. Where false all else is null or 0.</param>
/// <param name="Host">Host of <c>FleetIngest__Url</c>.</param>
/// <param name="Leader">True where the process that answers is the one that pushes; of several replicas one does.</param>
/// <param name="LastSuccessAt">When the fleet acknowledged anything last; null: never.</param>
/// <param name="LagSeconds">How long the row that waits longest has been waiting to be acknowledged, whatever its time; null: nothing waits.</param>
/// <param name="BacklogRows">Rows that wait; an estimate.</param>
/// <param name="Paused">
/// True where the fleet refuses this stack (401, 403) or there is no token yet: nothing is lost, all is kept until it takes it again.
/// </param>
/// <param name="LastError">What went wrong last, with what to do next; null where the last push went well.</param>
/// <param name="LastErrorAt">When.</param>
/// <param name="SetAside">Batches that the fleet refused for good and that were set aside.</param>
/// <param name="Ledger">How much of what was pushed is proven; null before the first exchange.</param>
/// <param name="RejectedRows">Rows of accepted batches that the fleet did not store, such as of a device that it doesn't know.</param>
public sealed record FleetPushStatus(
    bool Enabled,
    string? Host,
    bool Leader,
    DateTimeOffset? LastSuccessAt,
    double? LagSeconds,
    long BacklogRows,
    bool Paused,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    int SetAside,
    PushLedgerStatus? Ledger,
    long RejectedRows = 0
);

/// <summary>The stack's side of the delivery ledger.</summary>
/// <param name="ProvenDeviceDays">Closed device-days that the fleet holds exactly as this stack does.</param>
/// <param name="OpenDifferences">Device-days that differed at the last exchange and are being mended.</param>
/// <param name="PendingDeviceDays">Device-days with rows that still wait to be pushed, today's included.</param>
/// <param name="LastExchangeAt">When the two sides compared last.</param>
public sealed record PushLedgerStatus(long ProvenDeviceDays, long OpenDifferences, long PendingDeviceDays, DateTimeOffset? LastExchangeAt);
