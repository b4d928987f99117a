using Fleet.Aggregator.Storage;
using Npgsql;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// A customer's row is the lock of all that is stored of it. Whoever writes its measurements holds the row FOR NO KEY UPDATE, one at a time;
/// whoever rolls them up holds it FOR KEY SHARE, beside that; whoever deletes a device with its measurements takes it FOR UPDATE first thing, and
/// a plain DELETE of the customer does so by itself. So no row of a deleted customer or device is ever written, and the same batch twice at
/// once finds itself done.
/// </summary>
/// <remarks>Rows of several customers are taken in the order of their keys.</remarks>
internal static class CustomerLock
{
    /// <summary>
    /// For writers, who update the rows later on: a lock that is raised then could wait for somebody who waits for it. The rest of their transaction
    /// is <see cref="IndexOnly"/>.
    /// </summary>
    /// <returns>Those that are there; the others are deleted.</returns>
    public static async Task<HashSet<int>> TakeForWritingAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IEnumerable<int> customerIds,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                IndexOnly.Command(),
                new("""SELECT "Id" FROM fleet."Customers" WHERE "Id" = ANY ($1) ORDER BY "Id" FOR NO KEY UPDATE""")
                {
                    Parameters = { new NpgsqlParameter<int[]> { TypedValue = [.. customerIds.Distinct()] } },
                },
            },
        };
        var there = new HashSet<int>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            there.Add(reader.GetInt32(0));
        }

        return there;
    }

    /// <summary>For whoever deletes devices: waits for the writing transactions under way, and they for this one.</summary>
    /// <returns>False where there is no such customer.</returns>
    public static async Task<bool> TakeExclusiveAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        int customerId,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand("""SELECT "Id" FROM fleet."Customers" WHERE "Id" = $1 FOR UPDATE""", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = customerId } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }
}
