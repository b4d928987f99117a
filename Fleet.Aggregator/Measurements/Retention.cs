using System.Data;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>Drops raw measurements that are older than they are to be kept. Their hours stay, whatever is refreshed afterwards.</summary>
internal sealed class Retention(NpgsqlDataSource dataSource, ITimeSeries timeSeries, TimeProvider clock)
{
    // What can't be compared any more is no open question. What is proven stays so.
    private const string UnprovenDays = """
        DELETE FROM fleet."LedgerDays" WHERE "Day" < (fleet.kept_from() AT TIME ZONE 'UTC')::date AND "ProvenAt" IS NULL
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// First says from when on rows are kept, so that none before it is written any more; then has all of them rolled up; then drops them.
    /// Interrupted anywhere it is taken up again by the next run. One process at a time does it.
    /// </summary>
    /// <returns>Partitions or chunks that were dropped; null where another process is at it.</returns>
    /// <exception cref="NpgsqlException">The database is away, or roll-ups are behind; nothing is lost, the next run does it.</exception>
    public async Task<int?> RunAsync(int keepDays, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken))
        {
            return null;
        }

        try
        {
            var oldest = clock.GetUtcNow().AddDays(-keepDays);
            var from = new DateTimeOffset(oldest.Year, oldest.Month, 1, 0, 0, 0, TimeSpan.Zero);
            await KeptRows.MoveAsync(dataSource, from, cancellationToken);
            await RollUpAsync(connection, cancellationToken);
            var dropped = await DropAsync(connection, cancellationToken);
            await using var forget = new NpgsqlCommand(UnprovenDays, connection) { CommandTimeout = 600 };
            await forget.ExecuteNonQueryAsync(cancellationToken);
            return dropped;
        }
        finally
        {
            // Said explicitly: the pool resets a connection only when it is used again.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await AskAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
    }

    private async Task RollUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var waiting = new NpgsqlCommand(
            """SELECT EXISTS (SELECT FROM fleet."TouchedRanges" WHERE "From" < fleet.kept_from())""",
            connection
        );
        while ((bool)(await waiting.ExecuteScalarAsync(cancellationToken))!)
        {
            if (await timeSeries.RefreshAsync(cancellationToken) is null)
            {
                await Task.Delay(Pause, clock, cancellationToken); // the job is at it
            }
        }
    }

    private static async Task<int> DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var plain = new NpgsqlCommand("""SELECT relkind = 'p' FROM pg_class WHERE oid = 'fleet."PowerMeasurements"'::regclass""", connection);
        if ((bool)(await plain.ExecuteScalarAsync(cancellationToken))!)
        {
            return await ExpiredPartitions.DropAsync(connection, cancellationToken);
        }

        await using var drop = new NpgsqlCommand("SELECT fleet.drop_raw_rows()", connection) { CommandTimeout = 600 };
        return (int)(await drop.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = FleetLocks.Retention } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
