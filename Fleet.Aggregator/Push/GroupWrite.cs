using Npgsql;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Push;

/// <summary>One group of measurements and heartbeats on its way, in as many transactions as it takes until one is committed.</summary>
internal sealed class GroupWrite
{
    // A heartbeat has no rows; it is a post all the same, so that its customer's row is held in turn with the others.
    private static readonly MeasurementBatch NoRows = new();

    private readonly IReadOnlyList<PushTicket> batches;
    private readonly Dictionary<ReceivedPost, int> places = new(ReferenceEqualityComparer.Instance);
    private readonly PushResult?[] results;
    private List<PushTicket> heartbeats = []; // of the transaction under way

    public GroupWrite(IReadOnlyList<PushTicket> batches)
    {
        this.batches = batches;
        results = new PushResult?[batches.Count];
        for (var i = 0; i < batches.Count; i++)
        {
            var batch = batches[i];
            places.Add(new ReceivedPost(batch.Batch.Measurements?.Batch ?? NoRows, batch.Receipt.ReceivedAt, batch.CustomerId), i);
        }
    }

    public IReadOnlyList<ReceivedPost> Posts => [.. places.Keys];

    public bool Replaces => batches.Any(batch => batch.Batch.Replace);

    /// <summary>Complete once the transaction is committed.</summary>
    public IReadOnlyList<PushResult?> Results => results;

    /// <param name="posts">Those whose customers are there.</param>
    /// <returns>Those of them that are written.</returns>
    public async Task<IReadOnlyList<ReceivedPost>> OpenAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<ReceivedPost> posts,
        CancellationToken cancellationToken
    )
    {
        Array.Clear(results);
        var there = posts.Select(post => batches[places[post]]).ToList();
        heartbeats = [.. there.Where(batch => batch.IsHeartbeat)];
        var accepted = await AcceptedBatches.FindAsync(connection, transaction, [.. there.Where(batch => !batch.IsHeartbeat)], cancellationToken);
        foreach (var post in posts)
        {
            var batch = batches[places[post]];
            results[places[post]] = batch.IsHeartbeat ? new PushTally(batch.Batch.Id).Result() : accepted.GetValueOrDefault(batch);
        }

        return [.. posts.Where(post => results[places[post]] is null)];
    }

    public async Task CloseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, WriteSet set, CancellationToken cancellationToken)
    {
        var written = set.Results();
        var records = new PushRecords();
        for (var i = 0; i < written.Length; i++)
        {
            var place = places[set.Posts[i]];
            var batch = batches[place];
            var tally = new PushTally(batch.Batch.Id);
            tally.Add(set.Posts[i].Batch, written[i].Outcomes);
            var result = results[place] = tally.Result(written[i].Conflicts);
            records.Add(batch, result.Answer);
        }

        for (var i = 0; i < set.Count; i++)
        {
            var row = set.Rows[i];
            records.AddRow(row.Device, row.Ticks, set.ReceivedAt(row), set.IsAccepted(i));
        }

        await records.WriteAsync(connection, transaction, heartbeats, cancellationToken);
    }
}
