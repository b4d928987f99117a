using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace Portal.Data.Quarantine;

/// <summary>
/// How full the quarantine is as far as this process knows: what was counted last and what it has added since. So a writer knows without
/// asking when the keeper has something to do. Other processes' share comes with the next count.
/// </summary>
public sealed class QuarantineUsage
{
    private readonly Lock gate = new();
    private readonly long maxBytes;
    private readonly Counter<long> dropped;
    private QuarantineAmount amount;
    private TaskCompletionSource full = NewSignal();

    public QuarantineUsage(IOptions<QuarantineOptions> options, IMeterFactory meters)
    {
        maxBytes = options.Value.MaxBytes;
        var meter = meters.Create("Portal.Data");
        meter.CreateObservableGauge("portal.quarantine.rows", () => Amount.Rows, "{row}", "Measurements of unknown devices that wait to be claimed.");
        meter.CreateObservableGauge("portal.quarantine.size", () => Amount.Bytes, "By", "Payload of the quarantine.");
        dropped = meter.CreateCounter<long>(
            "portal.quarantine.dropped",
            "{row}",
            "Measurements dropped from the quarantine because they were too old or it was full. They are lost."
        );
    }

    /// <summary>What is there, as far as this process knows.</summary>
    public QuarantineAmount Amount
    {
        get
        {
            lock (gate)
            {
                return amount;
            }
        }
    }

    /// <summary>Done as soon as more is there than may be.</summary>
    internal Task Full
    {
        get
        {
            lock (gate)
            {
                return full.Task;
            }
        }
    }

    /// <summary>This process committed so much more, or (negative) admitted it.</summary>
    internal void Add(QuarantineAmount more) => Set(more, isCount: false);

    /// <summary>So much was counted; what is dropped is dropped.</summary>
    internal void Counted(QuarantineAmount count) => Set(count, isCount: true);

    internal void Dropped(string reason, long rows) => dropped.Add(rows, new KeyValuePair<string, object?>("reason", reason));

    private void Set(QuarantineAmount value, bool isCount)
    {
        lock (gate)
        {
            if (isCount && full.Task.IsCompleted)
            {
                full = NewSignal();
            }

            amount = isCount ? value : amount + value;
            if (amount.Bytes > maxBytes)
            {
                full.TrySetResult();
            }
        }
    }

    // Whoever waits runs elsewhere, not within the lock.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
