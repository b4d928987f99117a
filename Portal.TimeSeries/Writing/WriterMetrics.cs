using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.TimeSeries;

/// <summary>How writing goes, as metrics of the meter <c>Portal.TimeSeries</c>.</summary>
public sealed class WriterMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Portal.TimeSeries";

    private readonly Histogram<double> duration;
    private readonly Counter<long> retries;

    public WriterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        duration = meter.CreateHistogram<double>(
            "portal.measurements.write.duration",
            "s",
            "Time from opening a writing transaction to its commit, retries included, by the path that succeeded."
        );
        retries = meter.CreateCounter<long>(
            "portal.measurements.write.retries",
            "{transaction}",
            "Writing transactions that were repeated: a row was there already, a partition was missing, or two writers were in each other's way."
        );
    }

    internal void Written(WritePath path, TimeSpan elapsed) =>
        duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("path", path.ToString().ToLowerInvariant()));

    internal void Retried(string reason) => retries.Add(1, new TagList { { "reason", reason } });
}
