using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Portal.Ingest.Pipeline;

/// <summary>
/// Posts waiting to be written, oldest first. Bound: <see cref="MaxPosts"/> and <see cref="MaxRows"/>; what does not fit is refused, so
/// that senders wait and not this process. Their memory is the receivers' budget.
/// </summary>
internal sealed class PostQueue
{
    /// <summary>Two writers commit some hundred groups a second, so this many single posts wait for seconds at most.</summary>
    public const int MaxPosts = 8_192;

    /// <summary>Rows of all posts waiting; a larger post is taken while nothing else waits. A few seconds of writing.</summary>
    public const int MaxRows = 200_000;

    private readonly Channel<PostTicket> posts = Channel.CreateBounded<PostTicket>(
        new BoundedChannelOptions(MaxPosts) { FullMode = BoundedChannelFullMode.Wait } // TryWrite answers false instead of waiting
    );
    private int rows;

    public int Posts => posts.Reader.Count;

    public int Rows => Volatile.Read(ref rows);

    /// <summary>Whether a commit's rows would fit at the moment. While not, a post is refused before it is read: what can't be written costs nothing.</summary>
    public bool HasRoom => Rows + PostGroup.FullAtRows <= MaxRows && Posts < MaxPosts;

    /// <summary>False where the queue is full or closed: nothing was taken.</summary>
    public bool TryEnqueue(PostTicket post)
    {
        var waiting = Interlocked.Add(ref rows, post.Rows);
        if ((waiting <= MaxRows || waiting == post.Rows) && posts.Writer.TryWrite(post))
        {
            return true;
        }

        Interlocked.Add(ref rows, -post.Rows);
        return false;
    }

    /// <summary>Waits for a post; false once the queue is closed and empty.</summary>
    public ValueTask<bool> WaitAsync() => posts.Reader.WaitToReadAsync(CancellationToken.None);

    public bool TryDequeue([NotNullWhen(true)] out PostTicket? post)
    {
        if (!posts.Reader.TryRead(out post))
        {
            return false;
        }

        Interlocked.Add(ref rows, -post.Rows);
        return true;
    }

    /// <summary>Takes no more; what was taken can still be dequeued.</summary>
    public void Close() => posts.Writer.TryComplete();
}
