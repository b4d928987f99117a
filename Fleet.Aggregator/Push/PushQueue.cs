using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Fleet.Aggregator.Push;

/// <summary>
/// Batches waiting to be written, oldest first. Bound: <see cref="MaxBatches"/> and <see cref="MaxRows"/>; what does not fit is refused, so
/// that stacks wait and not this process. Their memory is the receiver's budget, and of one customer there are only as many as may be under way.
/// </summary>
internal sealed class PushQueue
{
    /// <summary>Three writers commit some hundred groups a second, so this many small batches wait for seconds at most.</summary>
    public const int MaxBatches = 8_192;

    /// <summary>Rows of all batches waiting; a larger batch is taken while nothing else waits. A few seconds of writing.</summary>
    public const int MaxRows = 300_000;

    private readonly Channel<PushTicket> batches = Channel.CreateBounded<PushTicket>(
        new BoundedChannelOptions(MaxBatches) { FullMode = BoundedChannelFullMode.Wait } // TryWrite answers false instead of waiting
    );
    private int rows;

    public int Batches => batches.Reader.Count;

    public int Rows => Volatile.Read(ref rows);

    /// <summary>False where the queue is full or closed: nothing was taken.</summary>
    public bool TryEnqueue(PushTicket batch)
    {
        var waiting = Interlocked.Add(ref rows, batch.Rows);
        if ((waiting <= MaxRows || waiting == batch.Rows) && batches.Writer.TryWrite(batch))
        {
            return true;
        }

        Interlocked.Add(ref rows, -batch.Rows);
        return false;
    }

    /// <summary>Waits for a batch; false once the queue is closed and empty.</summary>
    public ValueTask<bool> WaitAsync() => batches.Reader.WaitToReadAsync(CancellationToken.None);

    public bool TryDequeue([NotNullWhen(true)] out PushTicket? batch)
    {
        if (!batches.Reader.TryRead(out batch))
        {
            return false;
        }

        Interlocked.Add(ref rows, -batch.Rows);
        return true;
    }

    /// <summary>Takes no more; what was taken can still be dequeued.</summary>
    public void Close() => batches.Writer.TryComplete();
}
