using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Ingest.Pipeline;

/// <summary>What the pipeline measures of itself, in meter and activity source <c>Portal.Ingest</c>.</summary>
internal sealed class PipelineInstruments
{
    public static readonly ActivitySource Activities = new("Portal.Ingest");

    private readonly Histogram<int> posts;
    private readonly Histogram<int> rows;
    private readonly Counter<long> full;

    public PipelineInstruments(IMeterFactory meters, PostQueue queue)
    {
        var meter = meters.Create("Portal.Ingest");
        posts = meter.CreateHistogram<int>("portal.ingest.commit.posts", "{post}", "Posts written in one commit");
        rows = meter.CreateHistogram<int>("portal.ingest.commit.rows", "{row}", "Rows written in one commit");
        full = meter.CreateCounter<long>("portal.ingest.queue.full", "{post}", "Posts refused because the queue was full");
        meter.CreateObservableGauge("portal.ingest.queue.posts", () => queue.Posts, "{post}", "Posts waiting to be written");
        meter.CreateObservableGauge("portal.ingest.queue.rows", () => queue.Rows, "{row}", "Rows waiting to be written");
    }

    public void Committed(PostGroup group)
    {
        posts.Record(group.Posts.Count);
        rows.Record(group.Rows);
    }

    public void Full() => full.Add(1);
}
