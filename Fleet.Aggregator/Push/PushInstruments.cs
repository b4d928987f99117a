using System.Diagnostics;
using System.Diagnostics.Metrics;
using Portal.ServiceDefaults.Bodies;

namespace Fleet.Aggregator.Push;

/// <summary>What the aggregator measures of the pushes: meter and activity source <c>Fleet.Aggregator</c>.</summary>
internal sealed class PushInstruments
{
    public const string Name = "Fleet.Aggregator";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    };

    private readonly Counter<long> accepted;
    private readonly Counter<long> duplicate;
    private readonly Counter<long> rejected;
    private readonly Counter<long> conflicts;
    private readonly Counter<long> repeated;
    private readonly Counter<long> refused;
    private readonly Histogram<double> duration;
    private readonly Histogram<int> commitBatches;
    private readonly Histogram<int> commitRows;

    public PushInstruments(IMeterFactory meters, MemoryBudget<int> memory, PushQueue queue)
    {
        var meter = meters.Create(Name);
        accepted = meter.CreateCounter<long>("fleet.push.rows.accepted", "{row}", "Rows that were stored: inserted, or changed");
        duplicate = meter.CreateCounter<long>("fleet.push.rows.duplicate", "{row}", "Rows that changed nothing");
        rejected = meter.CreateCounter<long>("fleet.push.rows.rejected", "{row}", "Rows that were not stored, by reason");
        conflicts = meter.CreateCounter<long>("fleet.push.conflicts", "{row}", "Rows with a value that differs from the stored one, which stays");
        repeated = meter.CreateCounter<long>("fleet.push.batches.repeated", "{batch}", "Batches that had been accepted before and were answered as then");
        refused = meter.CreateCounter<long>("fleet.push.batches.refused", "{batch}", "Batches of which nothing was stored, by status");
        duration = meter.CreateHistogram("fleet.push.batch.duration", "s", "From a batch's first byte to its commit, by type", advice: Seconds);
        commitBatches = meter.CreateHistogram<int>("fleet.push.commit.batches", "{batch}", "Batches written in one commit");
        commitRows = meter.CreateHistogram<int>("fleet.push.commit.rows", "{row}", "Rows written in one commit");
        meter.CreateObservableGauge("fleet.push.memory", () => memory.Used, "By", "Memory held by batches under way");
        meter.CreateObservableGauge("fleet.push.queue.batches", () => queue.Batches, "{batch}", "Batches waiting to be written");
        meter.CreateObservableGauge("fleet.push.queue.rows", () => queue.Rows, "{row}", "Rows waiting to be written");
    }

    public void Refused(int status) => refused.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));

    public void Committed(int batches, int rows)
    {
        commitBatches.Record(batches);
        commitRows.Record(rows);
    }

    /// <summary>A batch was answered.</summary>
    public void Answered(string type, PushResult result, TimeSpan took)
    {
        duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("type", type));
        if (result.Repeated)
        {
            repeated.Add(1);
            return;
        }

        Add(accepted, result.Answer.Accepted);
        Add(duplicate, result.Answer.Duplicate);
        Add(conflicts, result.Conflicts);
        foreach (var (reason, rows) in result.RejectedByReason)
        {
            rejected.Add(rows, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    private static void Add(Counter<long> counter, long value)
    {
        if (value > 0)
        {
            counter.Add(value);
        }
    }
}
