using Npgsql;

namespace Portal.Data.FleetPush;

/// <summary>Switches the push on and off. A row in the database says which, so that all services that write measurements agree.</summary>
public static class PushSwitch
{
    private const string IsOn = """SELECT EXISTS (SELECT FROM monitoring."FleetPush")""";

    /// <summary>Notes a year of a hundred devices in a second or two; a hypertable that was never materialised takes longer.</summary>
    private const int NotingTimeout = 1_800; // s

    /// <summary>
    /// Clears all notes and the ledger; nothing is noted any more. Tombstones stay: what is deleted meanwhile has to go from the fleet when the push is on again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database is away, or its schema is not there yet: nothing is done.</exception>
    public static Task OffAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var isOn = new NpgsqlCommand(IsOn, connection);
            if (!(bool)(await isOn.ExecuteScalarAsync(cancellationToken))!)
            {
                return;
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await CatalogueLock.TakeExclusiveAsync(connection, transaction, cancellationToken);
            await PushStore.ExecuteAsync(
                connection,
                """
                DELETE FROM monitoring."FleetPush";
                DELETE FROM monitoring."FleetPushRefusals";
                UPDATE monitoring."DeviceTombstones" SET "PushedAt" = NULL;
                UPDATE monitoring."SiteTombstones" SET "PushedAt" = NULL;
                TRUNCATE monitoring."OutboxRanges", monitoring."LedgerDays"
                """,
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        });

    /// <summary>
    /// From when it returns, every transaction that writes measurements notes them, and all that was stored before is noted too. Where it is on
    /// already nothing happens.
    /// </summary>
    /// <remarks>
    /// Two transactions: the row is added under the exclusive lock, so whoever writes is before it (and committed) or after it (and notes). What
    /// was stored before is noted afterwards, without keeping writers waiting; if that breaks off, the next call does it.
    /// </remarks>
    internal static async Task OnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var isOn = new NpgsqlCommand("""SELECT "StoredNotedAt" IS NOT NULL FROM monitoring."FleetPush" """, connection))
        {
            switch (await isOn.ExecuteScalarAsync(cancellationToken))
            {
                case true:
                    return;
                case null:
                    await AddRowAsync(connection, cancellationToken);
                    break;
            }
        }

        await NoteStoredAsync(connection, cancellationToken);
    }

    private static async Task AddRowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CatalogueLock.TakeExclusiveAsync(connection, transaction, cancellationToken);
        await PushStore.ExecuteAsync(connection, """INSERT INTO monitoring."FleetPush" DEFAULT VALUES ON CONFLICT DO NOTHING""", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Both or nothing. Whoever switches off meanwhile waits for the row. A device that is deleted meanwhile leaves notes of nothing, which are
    // deleted when their turn comes.
    private static async Task NoteStoredAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var note = new NpgsqlCommand(
            """
            SELECT monitoring.note_stored(NULL) FROM (SELECT FROM monitoring."FleetPush" WHERE "StoredNotedAt" IS NULL FOR UPDATE) AS isOn;
            UPDATE monitoring."FleetPush" SET "StoredNotedAt" = now() WHERE "StoredNotedAt" IS NULL
            """,
            connection,
            transaction
        )
        {
            CommandTimeout = NotingTimeout,
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
