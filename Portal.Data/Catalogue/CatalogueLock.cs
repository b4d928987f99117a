using Npgsql;

namespace Portal.Data;

/// <summary>
/// Holds the catalogue still while measurements are written. Every transaction that writes measurements takes the lock shared
/// <em>before</em> it resolves serials to devices; whoever creates, claims or deletes a device or changes a site's zone takes it
/// exclusive, first thing in its transaction. So no row of a deleted device is written, none is quarantined past a claim, and
/// nobody needs a cache of devices to be right.
/// </summary>
/// <remarks>Advisory and bound to the transaction: it ends with commit or rollback, and with a lost connection.</remarks>
public static class CatalogueLock
{
    /// <summary>Key of the advisory lock in the stack's database.</summary>
    public const long Key = 0x504F_5254_0001; // "PORT" 1

    /// <summary>For writers of measurements; many hold it at once.</summary>
    public static Task TakeSharedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        TakeAsync("SELECT pg_advisory_xact_lock_shared($1)", connection, transaction, cancellationToken);

    /// <summary>For changes of the catalogue; waits for the writing transactions under way, and later ones wait for it.</summary>
    public static Task TakeExclusiveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        TakeAsync("SELECT pg_advisory_xact_lock($1)", connection, transaction, cancellationToken);

    private static async Task TakeAsync(
        string sql,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { Parameters = { new() { Value = Key } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
