using System.Diagnostics;
using System.Diagnostics.Metrics;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>What the push measures of itself: meter and activity source <c>Portal.FleetPush</c>. Lag and backlog are said by the leader only.</summary>
internal sealed class FleetPushInstruments
{
    public const string Name = "Portal.FleetPush";

    public static readonly ActivitySource Activities = new(Name);

    private readonly TimeProvider clock;
    private readonly Counter<long> rows;
    private readonly Counter<long> rejected;
    private readonly Counter<long> failures;
    private readonly Counter<long> setAside;
    private readonly Histogram<double> duration;
    private volatile Reading? reading;

    public FleetPushInstruments(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create(Name);
        rows = meter.CreateCounter<long>("portal.fleet_push.rows", "{row}", "Measurements that the fleet acknowledged, by outcome");
        rejected = meter.CreateCounter<long>("portal.fleet_push.rows.rejected", "{row}", "Rows that the fleet did not store, by reason; of the first hundred of a batch");
        failures = meter.CreateCounter<long>("portal.fleet_push.attempts.failed", "{attempt}", "Attempts that were not acknowledged, by what comes next");
        setAside = meter.CreateCounter<long>("portal.fleet_push.batches.set_aside", "{batch}", "Batches that the fleet refused for good");
        duration = meter.CreateHistogram<double>(
            "portal.fleet_push.attempt.duration",
            "s",
            "From sending a batch to its answer",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60] }
        );
        meter.CreateObservableGauge("portal.fleet_push.lag", Lag, "s", "How long the row that waits longest has been waiting");
        meter.CreateObservableGauge("portal.fleet_push.backlog", Backlog, "{row}", "Rows that wait to be pushed; an estimate");
    }

    /// <summary>What the leader has found; null: this process does not lead.</summary>
    public void Read(PushBacklog? backlog) =>
        reading = backlog is null ? null : new Reading(backlog.Rows, backlog.Waiting ?? TimeSpan.Zero, clock.GetTimestamp());

    public void Attempted(PushMessage message, PushOutcome outcome, TimeSpan took)
    {
        duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("batch_type", message.BatchType));
        if (outcome.Result != PushResult.Acknowledged)
        {
            failures.Add(1, new KeyValuePair<string, object?>("result", outcome.Result.ToString().ToLowerInvariant()));
        }
        else if (message.BatchType == BatchTypes.Measurements)
        {
            Count("accepted", outcome.Answer!.Accepted);
            Count("duplicate", outcome.Answer.Duplicate);
            Count("rejected", outcome.Answer.Rejected);
        }
    }

    public void Rejected(string reason, int count) => rejected.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void SetAside() => setAside.Add(1);

    private void Count(string outcome, int count)
    {
        if (count > 0)
        {
            rows.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    private IEnumerable<Measurement<double>> Lag() =>
        reading is { } last
            ? [new(last.Waiting == TimeSpan.Zero ? 0 : (last.Waiting + clock.GetElapsedTime(last.At)).TotalSeconds)]
            : [];

    private IEnumerable<Measurement<long>> Backlog() => reading is { } last ? [new(last.Rows)] : [];

    private sealed record Reading(long Rows, TimeSpan Waiting, long At);
}
