using Npgsql;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// From when on raw rows are kept (<c>fleet.kept_from()</c>). It moves on only while no transaction writes measurements, so that each one knows
/// what the others know: none writes a row into a month that is about to be dropped.
/// </summary>
internal static class KeptRows
{
    /// <summary>For writers, in their transaction.</summary>
    /// <returns>Start of a month (UTC); null where all rows are kept.</returns>
    public static async Task<DateTimeOffset?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // Two statements: the second one's snapshot must be younger than the lock.
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("SELECT pg_advisory_xact_lock_shared($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = FleetLocks.KeptRows } } },
                new("""SELECT "From" FROM fleet."KeptRows" """), // what fleet.kept_from() says, which takes ten times as long
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Moves it on, where it lies before; waits for the writing transactions under way, and later ones for this.</summary>
    public static async Task MoveAsync(NpgsqlDataSource dataSource, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("SELECT pg_advisory_xact_lock($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = FleetLocks.KeptRows } } },
                new("""UPDATE fleet."KeptRows" SET "From" = $1 WHERE "From" IS NULL OR "From" < $1""")
                {
                    Parameters = { new NpgsqlParameter<DateTime> { TypedValue = from.UtcDateTime } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
