using Npgsql;

namespace Portal.TimeSeries.Writing;

/// <summary>One transaction of <see cref="SeriesWriter"/>, from its connection to its commit. Disposing it rolls back what is not committed.</summary>
internal sealed class WriteAttempt(NpgsqlDataSource dataSource, ITimeSeries timeSeries, WrittenTimes written) : IAsyncDisposable
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

    public async Task<WriteSet> RunAsync(WriteSteps steps, CancellationToken cancellationToken)
    {
        Connection = await dataSource.OpenConnectionAsync(cancellationToken);
        transaction = await Connection.BeginTransactionAsync(cancellationToken);
        var set = Set = await steps.Open(Connection, transaction, cancellationToken);
        Path ??= !set.Replaces && written.SeemsNew(set) ? WritePath.Copy : WritePath.Compare;
        if (set.Count > 0)
        {
            await RowWriter.WriteAsync(Connection, transaction, set, Path.Value, cancellationToken);
            await timeSeries.NoteTouchedAsync(Connection, transaction, TouchedTimes.Quarters(set), steps.Note?.Invoke(set), cancellationToken);
        }

        await steps.Close(Connection, transaction, set, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        written.Add(set, MetOthers);
        return set;
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
