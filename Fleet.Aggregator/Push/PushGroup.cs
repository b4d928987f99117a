namespace Fleet.Aggregator.Push;

/// <summary>
/// Batches that are written in one commit: those of many customers, of one customer one that is no heartbeat, so that each row's outcome is its
/// own batch's. Batches that change the catalogue or replace what is stored have a commit of their own.
/// </summary>
internal sealed class PushGroup
{
    /// <summary>
    /// Rows from which a group takes no further batch: at 5,000 a commit costs 0.91 of a bare COPY's speed, at 20,000 hardly more, while
    /// the first of the group waits longer.
    /// </summary>
    public const int FullAtRows = 5_000;

    /// <summary>Batches of a group, heartbeats included. A statement takes as many customers and events.</summary>
    public const int MaxBatches = 500;

    private readonly List<PushTicket> batches = [];
    private readonly HashSet<(int Customer, bool IsHeartbeat)> customers = [];
    private int rows;

    public IReadOnlyList<PushTicket> Batches => batches;

    public int Rows => rows;

    public bool IsFull => rows >= FullAtRows || batches.Count >= MaxBatches || (batches.Count == 1 && IsAlone(batches[0]));

    /// <summary>Takes a batch unless it doesn't go with the others. The first one always fits.</summary>
    public bool TryAdd(PushTicket batch)
    {
        if (batches.Count > 0 && (IsFull || IsAlone(batch) || rows + batch.Rows > FullAtRows || customers.Contains((batch.CustomerId, batch.IsHeartbeat))))
        {
            return false;
        }

        customers.Add((batch.CustomerId, batch.IsHeartbeat));
        batches.Add(batch);
        rows += batch.Rows;
        return true;
    }

    private static bool IsAlone(PushTicket batch) => batch.Batch.Replace || batch.IsCatalogue;
}
