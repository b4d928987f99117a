using Npgsql;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// Months of raw rows that need not be kept any more, on plain PostgreSQL. Each is marked, taken off the table and dropped; neither readers nor
/// writers of the table wait for that. Broken off anywhere, it is taken up again by the next call.
/// </summary>
internal static class ExpiredPartitions
{
    /// <summary>
    /// Seconds to wait for transactions that read the table already. A writer who needs a new month's partition waits behind this, so it is shorter
    /// than a statement may take. What was waited for in vain is finished an hour later.
    /// </summary>
    private const int Patience = 10;

    /// <param name="connection">Without a transaction: a partition is taken off in two of its own.</param>
    /// <returns>How many were dropped.</returns>
    /// <exception cref="NpgsqlException">Rows wait to be rolled up, or somebody has been reading for longer than is waited.</exception>
    public static async Task<int> DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var partitions = await ReadAsync(connection, cancellationToken);
        foreach (var (name, state) in partitions)
        {
            if (state == "attached")
            {
                await ExecuteAsync($"COMMENT ON TABLE {name} IS 'expired'");
                await ExecuteAsync($"""ALTER TABLE fleet."PowerMeasurements" DETACH PARTITION {name} CONCURRENTLY""");
            }
            else if (state == "detaching")
            {
                await ExecuteAsync($"""ALTER TABLE fleet."PowerMeasurements" DETACH PARTITION {name} FINALIZE""");
            }

            await ExecuteAsync($"DROP TABLE {name}");
        }

        return partitions.Count;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = Patience };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<List<(string Name, string State)>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, state FROM fleet.expired_partitions()", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            partitions.Add((reader.GetString(0), reader.GetString(1)));
        }

        return partitions;
    }
}
