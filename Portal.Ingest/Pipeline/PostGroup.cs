namespace Portal.Ingest.Pipeline;

/// <summary>
/// Posts that are written in one commit. No device-instant occurs in two of them, so that each row's outcome is its own post's.
/// </summary>
internal sealed class PostGroup
{
    /// <summary>
    /// Rows from which a group takes no further post: at 5,000 a commit costs 0.91 of a bare COPY's speed, at 20,000 hardly more, while
    /// the first of the group waits longer.
    /// </summary>
    public const int FullAtRows = 5_000;

    private readonly List<PostTicket> posts = [];
    private readonly HashSet<(string Serial, long Ticks)> instants = [];
    private readonly HashSet<string> serials = new(StringComparer.Ordinal);
    private readonly HashSet<string> localSerials = new(StringComparer.Ordinal);
    private int rows;

    public IReadOnlyList<PostTicket> Posts => posts;

    public int Rows => rows;

    /// <summary>Takes a post unless the group is full or has one of its device-instants. The first one always fits.</summary>
    public bool TryAdd(PostTicket post)
    {
        if (posts.Count > 0 && (rows + post.Rows > FullAtRows || Overlaps(post)))
        {
            return false;
        }

        posts.Add(post);
        rows += post.Rows;
        if (rows < FullAtRows)
        {
            Remember(post);
        }

        return true;
    }

    private bool Overlaps(PostTicket post)
    {
        var batch = post.Post.Batch;
        for (var row = 0; row < batch.Count; row++)
        {
            if (batch.Refused(row) is not null)
            {
                continue;
            }

            var key = batch.Keys[row];
            var serial = batch.ExternalIds[key.Device];
            // A local time is an instant only once its site is known: then the whole device counts.
            if (key.IsLocal ? serials.Contains(serial) : localSerials.Contains(serial) || instants.Contains((serial, key.Ticks)))
            {
                return true;
            }
        }

        return false;
    }

    private void Remember(PostTicket post)
    {
        var batch = post.Post.Batch;
        for (var row = 0; row < batch.Count; row++)
        {
            if (batch.Refused(row) is null)
            {
                var key = batch.Keys[row];
                var serial = batch.ExternalIds[key.Device];
                serials.Add(serial);
                instants.Add((serial, key.Ticks));
                if (key.IsLocal)
                {
                    localSerials.Add(serial);
                }
            }
        }
    }
}
