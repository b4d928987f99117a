using System.Diagnostics.Metrics;

namespace Portal.TimeSeries.RollUps;

/// <summary>Instruments of the roll-up job (meter <c>Portal.TimeSeries</c>).</summary>
internal sealed class RollUpMetrics
{
    private readonly Histogram<double> duration;
    private readonly Counter<long> notes;
    private readonly Counter<long> buckets;
    private readonly Counter<long> failures;
    private readonly Gauge<double> lag;

    public RollUpMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(WriterMetrics.MeterName);
        duration = meter.CreateHistogram<double>("portal.rollup.pass.duration", "s", "Time of a pass that had something to do");
        notes = meter.CreateCounter<long>("portal.rollup.notes", "{note}", "Notes of touched ranges dealt with");
        buckets = meter.CreateCounter<long>("portal.rollup.buckets", "{bucket}", "Shortest buckets rolled up again: quarter hours in a stack, hours in the fleet");
        failures = meter.CreateCounter<long>("portal.rollup.failures", "{failure}", "Passes that failed and are repeated");
        lag = meter.CreateGauge<double>("portal.rollup.lag", "s", "Age of the oldest note that a pass found");
    }

    public void Done(RollUpPass pass, TimeSpan took)
    {
        lag.Record(pass.Lag.TotalSeconds);
        if (pass.Notes > 0)
        {
            duration.Record(took.TotalSeconds);
            notes.Add(pass.Notes);
            buckets.Add(pass.Buckets);
        }
    }

    public void Failed() => failures.Add(1);
}
