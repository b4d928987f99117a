using Npgsql;

namespace Portal.Data.Quarantine;

/// <summary>A transaction that changes the catalogue: exclusive lock first, audit entry last. Disposing it rolls back what is not committed.</summary>
internal sealed class CatalogueChange(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    /// <summary>Seconds for one statement: deleting years of a device's measurements takes longer than what a page waits for otherwise.</summary>
    private const int CommandTimeout = 600;

    public NpgsqlConnection Connection => connection;

    public NpgsqlTransaction Transaction => transaction;

    public static async Task<CatalogueChange> BeginAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await CatalogueLock.TakeExclusiveAsync(connection, transaction, cancellationToken);
            return new CatalogueChange(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public NpgsqlCommand Command(string sql) => new(sql, connection, transaction) { CommandTimeout = CommandTimeout };

    public Task CommitAsync(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

    /// <summary>Writes the entry, with a number added to its details, and commits.</summary>
    public async Task CommitAsync(AuditEntry audit, string name, long count, CancellationToken cancellationToken)
    {
        await WriteAsync(audit, name, count, cancellationToken);
        await CommitAsync(cancellationToken);
    }

    /// <summary>Writes the entry, with a number added to its details.</summary>
    public async Task WriteAsync(AuditEntry audit, string name, long count, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            INSERT INTO portal."AuditEntries" ("At", "Actor", "Action", "Subject", "Details")
            VALUES ($1, $2, $3, $4, $5::jsonb || jsonb_build_object($6::text, $7::bigint))
            """
        );
        foreach (var value in new object[] { audit.At.UtcDateTime, audit.Actor, audit.Action, audit.Subject, audit.Details, name, count })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
