using System.Diagnostics;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary>A batch in the queue, and the caller who waits for what becomes of it.</summary>
internal sealed class PushTicket(PushedBatch batch, PushReceipt receipt)
{
    // Callers go on elsewhere: a writer loop must not run their answers.
    private readonly TaskCompletionSource<PushResult?> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PushedBatch Batch { get; } = batch;

    public PushReceipt Receipt { get; } = receipt;

    public int CustomerId => Receipt.CustomerId;

    public int Rows => Batch.Rows;

    public bool IsHeartbeat => Batch.Type == BatchTypes.Heartbeat;

    public bool IsCatalogue => Batch.Type is BatchTypes.Sites or BatchTypes.Devices;

    /// <summary>The trace of the request that brought the batch.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Null where the customer was deleted in between.</summary>
    public Task<PushResult?> Result => result.Task;

    public void Written(PushResult? written) => result.TrySetResult(written);

    public void Failed(Exception error)
    {
        result.TrySetException(error);
        // A caller who hung up does not look at it; an unobserved exception would be reported as a fault of the process.
        _ = result.Task.Exception;
    }
}
