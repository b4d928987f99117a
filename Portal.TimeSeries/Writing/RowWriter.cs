using Npgsql;
using Portal.TimeSeries.Writing;

namespace Portal.TimeSeries;

/// <summary>How a set's rows get into the table.</summary>
public enum WritePath
{
    /// <summary>All by COPY, in the hope that none is there: by far the fastest where it holds.</summary>
    Copy,

    /// <summary>Compare first, then COPY what is absent and change what is to change.</summary>
    Compare,

    /// <summary>As <see cref="Compare"/>, but nothing can be a duplicate any more, whoever else writes the same rows.</summary>
    Merge,
}

/// <summary>Writes a set within a transaction. Rows' outcomes are in the set afterwards.</summary>
/// <remarks>
/// All inserts come before all changes, both in the set's order. A row that is being inserted can't be changed by anybody yet, so two writers
/// always wait for each other in the same direction.
/// </remarks>
public static class RowWriter
{
    /// <exception cref="PostgresException">A duplicate (paths Copy and Compare), or a partition that is missing: the transaction is lost.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        WriteSet set,
        WritePath path,
        CancellationToken cancellationToken
    )
    {
        var pending = Enumerable.Range(0, set.Count).ToList();
        if (path == WritePath.Copy)
        {
            await BinaryCopy.WriteAsync(connection, set.Layout.Table, set, pending, cancellationToken);
            pending.ForEach(set.Accept);
            return;
        }

        var comparison = new StoredComparison(connection, transaction, set);
        var merge = new MergeStatement(connection, transaction, set);

        // A row comes again only if another writer has just inserted it, or filled all that it would have: once for each column at most.
        for (var round = 0; pending.Count > 0; round++)
        {
            if (round > set.Columns.Count + 1)
            {
                throw new InvalidOperationException(
                    $"{pending.Count} rows of {set.Layout.Table} lack values and take none. Does a trigger or rule keep them from being updated?"
                );
            }

            var (absent, changes) = await comparison.CompareAsync(pending, cancellationToken);
            pending = [];
            if (absent.Count > 0 && path == WritePath.Compare)
            {
                await BinaryCopy.WriteAsync(connection, set.Layout.Table, set, absent, cancellationToken);
                absent.ForEach(set.Accept);
            }
            else if (absent.Count > 0)
            {
                pending.AddRange(Missed(absent, await merge.InsertAsync(absent, cancellationToken), set));
            }

            if (changes.Count > 0)
            {
                pending.AddRange(Missed(changes, await merge.ChangeAsync(changes, cancellationToken), set));
                pending.Sort();
            }
        }
    }

    private static IEnumerable<int> Missed(List<int> wanted, List<int> done, WriteSet set)
    {
        done.ForEach(set.Accept);
        return wanted.Where(row => !set.IsAccepted(row));
    }
}
