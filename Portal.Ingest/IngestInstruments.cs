using System.Diagnostics;
using System.Diagnostics.Metrics;
using Portal.Contracts.Ingest;
using Portal.ServiceDefaults.Bodies;

namespace Portal.Ingest;

/// <summary>What ingest measures of itself: meter and activity source <c>Portal.Ingest</c>.</summary>
internal sealed class IngestInstruments
{
    public const string Name = "Portal.Ingest";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> accepted;
    private readonly Counter<long> duplicate;
    private readonly Counter<long> rejected;
    private readonly Counter<long> conflicts;
    private readonly Counter<long> unknownParameters;
    private readonly Counter<long> refusedPosts;
    private readonly Histogram<double> writeDuration;

    public IngestInstruments(IMeterFactory meters, MemoryBudget<Guid> memory)
    {
        var meter = meters.Create(Name);
        accepted = meter.CreateCounter<long>("portal.ingest.rows.accepted", "{row}", "Rows that were stored: inserted, or filled a column");
        duplicate = meter.CreateCounter<long>("portal.ingest.rows.duplicate", "{row}", "Rows that changed nothing");
        rejected = meter.CreateCounter<long>("portal.ingest.rows.rejected", "{row}", "Rows that were not stored, by reason");
        conflicts = meter.CreateCounter<long>("portal.ingest.conflicts", "{value}", "Posted values that differ from the stored ones");
        unknownParameters = meter.CreateCounter<long>("portal.ingest.unknown_parameters", "{value}", "Posted values without a column");
        refusedPosts = meter.CreateCounter<long>("portal.ingest.posts.refused", "{post}", "Posts of which nothing was stored, by status");
        writeDuration = meter.CreateHistogram<double>(
            "portal.ingest.write.duration",
            "s",
            "From a decoded post to its commit, waiting for the writer included",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30] }
        );
        meter.CreateObservableGauge("portal.ingest.memory", () => memory.Used, "By", "Memory held by posts under way");
    }

    /// <summary>A post was answered with its rows' outcomes.</summary>
    public void Answered(IngestAnswer answer, IReadOnlyDictionary<string, int> rejectedByReason, long conflicting)
    {
        Add(accepted, answer.Accepted);
        Add(duplicate, answer.Duplicate);
        Add(conflicts, conflicting);
        foreach (var (reason, rows) in rejectedByReason)
        {
            rejected.Add(rows, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    public void Unknown(long values) => Add(unknownParameters, values);

    public void Refused(int status) => refusedPosts.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));

    public void Written(TimeSpan duration) => writeDuration.Record(duration.TotalSeconds);

    private static void Add(Counter<long> counter, long value)
    {
        if (value > 0)
        {
            counter.Add(value);
        }
    }
}
