using Npgsql;
using Portal.Data.Quarantine;

namespace Portal.Data.Measurements;

/// <summary>One transaction of <see cref="MeasurementWriter"/>, from its connection to its commit. Disposing it rolls back what is not committed.</summary>
internal sealed class WriteAttempt(NpgsqlDataSource dataSource, ITimeSeries timeSeries, QuarantineUsage quarantine, WrittenTimes written)
    : IAsyncDisposable
{
    public const string Duplicate = "duplicate";
    public const string MissingPartition = "partition";
    public const string Collision = "collision";

    private NpgsqlTransaction? transaction;

    /// <summary>The path to take, or null to choose; the one that was taken.</summary>
    public WritePath? Path { get; set; }

    /// <summary>An attempt before this one met a row that was not known to be there.</summary>
    public bool MetOthers { get; init; }

    /// <summary>Null before the database was reached.</summary>
    public NpgsqlConnection? Connection { get; private set; }

    /// <summary>Null before the devices were found.</summary>
    public WriteSet? Set { get; private set; }

    public async Task<IReadOnlyList<WriteResult>> RunAsync(
        IReadOnlyList<ReceivedPost> posts,
        string[] serials,
        CancellationToken cancellationToken
    )
    {
        Connection = await dataSource.OpenConnectionAsync(cancellationToken);
        transaction = await Connection.BeginTransactionAsync(cancellationToken);
        var devices = await DeviceLookup.LockAsync(Connection, transaction, serials, cancellationToken);
        var set = Set = WriteSet.Create(posts, devices);
        Path ??= written.SeemsNew(set) ? WritePath.Copy : WritePath.Compare;
        if (set.Count > 0)
        {
            await RowWriter.WriteAsync(Connection, transaction, set, Path.Value, cancellationToken);
            await timeSeries.NoteTouchedAsync(Connection, transaction, TouchedTimes.Quarters(set), cancellationToken);
        }

        var kept = await QuarantineWriter.AddAsync(Connection, transaction, set.Unknown, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        written.Add(set, MetOthers);
        quarantine.Add(kept);
        return set.Results();
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
            transaction = null;
        }

        if (Connection is not null)
        {
            await Connection.DisposeAsync();
            Connection = null;
        }
    }
}
