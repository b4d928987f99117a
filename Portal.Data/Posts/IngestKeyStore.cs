using Npgsql;
using Portal.Data.Measurements;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>A key that meters may post with.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Hash">SHA-256 of the key, 32 bytes.</param>
public sealed record ValidIngestKey(Guid Id, byte[] Hash);

/// <summary>The ingest keys as whoever receives posts needs them. They are made and revoked through the catalogue.</summary>
public sealed class IngestKeyStore(NpgsqlDataSource dataSource)
{
    /// <summary>All keys that are not revoked; their number is bounded by what the API lets people make.</summary>
    /// <exception cref="StoreUnavailableException">The database is away, or its schema is not there yet.</exception>
    public async Task<IReadOnlyList<ValidIngestKey>> ListValidAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand("""SELECT "Id", "Hash" FROM portal."IngestKeys" WHERE "RevokedAt" IS NULL""");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var keys = new List<ValidIngestKey>();
            while (await reader.ReadAsync(cancellationToken))
            {
                keys.Add(new ValidIngestKey(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)));
            }

            return keys;
        }
        catch (Exception e) when (StoreErrors.IsUnavailable(e))
        {
            throw new StoreUnavailableException("The ingest keys can't be read: " + e.GetBaseException().Message, e);
        }
    }

    /// <summary>Moves <c>LastUsedAt</c> of keys forward; a later time that is there already stays.</summary>
    /// <exception cref="StoreUnavailableException">The database is away; repeating is harmless.</exception>
    public async Task NoteUsedAsync(IReadOnlyList<(Guid Key, DateTimeOffset At)> used, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                """
                UPDATE portal."IngestKeys" AS k SET "LastUsedAt" = u.used
                  FROM unnest($1, $2) AS u(id, used)
                 WHERE k."Id" = u.id AND (k."LastUsedAt" IS NULL OR k."LastUsedAt" < u.used)
                """
            );
            command.Parameters.AddWithValue(used.Select(use => use.Key).ToArray());
            command.Parameters.AddWithValue(used.Select(use => use.At.UtcDateTime).ToArray());
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (StoreErrors.IsUnavailable(e))
        {
            throw new StoreUnavailableException("The use of ingest keys can't be written: " + e.GetBaseException().Message, e);
        }
    }
}
