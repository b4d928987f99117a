using System.Data;
using Npgsql;

namespace Portal.TimeSeries.RollUps;

/// <summary>
/// One pass at a time, over all processes: whoever gets the advisory lock leads for the length of a pass, the others try again later. It
/// belongs to the session that does the work, so a lost connection loses both.
/// </summary>
internal static class RollUpLock
{
    /// <returns>What <paramref name="pass"/> gave; null where another session is at it.</returns>
    public static async Task<RollUpPass?> TryRunAsync(
        SeriesLayout layout,
        NpgsqlDataSource dataSource,
        Func<NpgsqlConnection, Task<RollUpPass>> pass,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync(layout, connection, "SELECT pg_try_advisory_lock($1)", cancellationToken))
        {
            return null;
        }

        try
        {
            return await pass(connection);
        }
        finally
        {
            // Said explicitly: the pool resets a connection only when it is used again.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await AskAsync(layout, connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
    }

    private static async Task<bool> AskAsync(SeriesLayout layout, NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = layout.Locks.RollUps } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
