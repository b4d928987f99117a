using System.Data;
using Npgsql;
using Portal.Data.Connection;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>
/// The database as the one process that pushes sees it. The leader's advisory lock belongs to this session, so a lost connection loses both.
/// Another leader may begin before this one notices: then both push the same, which the receiver finds out, and each deletes only notes whose
/// rows it has seen acknowledged.
/// </summary>
/// <remarks>Not safe for concurrent use. Disposing it gives the lead away.</remarks>
public sealed class PushSession : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private PushSession(NpgsqlConnection connection)
    {
        this.connection = connection;
        Outbox = new Outbox(connection);
        Catalogue = new PushedCatalogue(connection);
        Journal = new PushJournal(connection);
        Ledger = new PushLedger(connection);
    }

    public Outbox Outbox { get; }

    public PushedCatalogue Catalogue { get; }

    public PushJournal Journal { get; }

    public PushLedger Ledger { get; }

    /// <returns>Null where another process leads.</returns>
    /// <exception cref="StoreUnavailableException">The database is away, or its schema is not there yet.</exception>
    public static Task<PushSession?> TryLeadAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<PushSession?>(async () =>
        {
            var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            try
            {
                if (await AskAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken))
                {
                    return new PushSession(connection);
                }
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }

            await connection.DisposeAsync();
            return null;
        });

    /// <summary>Switches the push on where it is not; see <see cref="PushSwitch"/>.</summary>
    /// <exception cref="StoreUnavailableException">The database is away. Repeating it does what is still to be done.</exception>
    public Task SwitchOnAsync(CancellationToken cancellationToken) => PushStore.GuardAsync(() => PushSwitch.OnAsync(connection, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Said explicitly: the pool resets a connection only when it is used again.
            if (connection.FullState == ConnectionState.Open)
            {
                await AskAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
        catch (Exception e) when (StoreErrors.IsUnavailable(e))
        {
            // The lock goes with the session.
        }

        await connection.DisposeAsync();
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = AdvisoryLocks.FleetPush } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
