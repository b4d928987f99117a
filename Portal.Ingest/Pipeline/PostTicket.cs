using System.Diagnostics;
using Portal.Data;
using Portal.TimeSeries;

namespace Portal.Ingest.Pipeline;

/// <summary>A post in the queue, and the caller who waits for what becomes of it.</summary>
internal sealed class PostTicket(ReceivedPost post)
{
    // Callers go on elsewhere: a writer loop must not run their answers.
    private readonly TaskCompletionSource<WriteResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReceivedPost Post { get; } = post;

    public int Rows => Post.Batch.Count;

    /// <summary>The trace of the request that brought the post.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public Task<WriteResult> Result => result.Task;

    public void Written(WriteResult written) => result.TrySetResult(written);

    public void Failed(Exception error)
    {
        result.TrySetException(error);
        // A caller who hung up does not look at it; an unobserved exception would be reported as a fault of the process.
        _ = result.Task.Exception;
    }
}
