using System.Security.Cryptography;
using Npgsql;
using Portal.Domain.Keys;

namespace Fleet.Aggregator.Tokens;

/// <summary>What a token that was given out stands for.</summary>
/// <param name="Active">The operator's switch of its customer.</param>
/// <param name="RetiredAt">When it was rotated; null: it is the one in force.</param>
internal sealed record KnownToken(int CustomerId, string CustomerCode, bool Active, DateTimeOffset? RetiredAt);

/// <summary>
/// Finds the customer of a token. Asked for every request, so that a rotation, a switch and a deletion act on the next one; it is one look-up
/// by an index.
/// </summary>
internal sealed class FleetTokens(NpgsqlDataSource dataSource)
{
    /// <summary>Null where no such token was ever given out, or its customer is deleted.</summary>
    public async Task<KnownToken?> FindAsync(FleetToken token, CancellationToken cancellationToken)
    {
        var hash = token.Hash();
        await using var command = dataSource.CreateCommand(
            """
            SELECT t."Hash", c."Id", c."Code", c."Active", t."RetiredAt"
              FROM fleet."PushTokens" t JOIN fleet."Customers" c ON c."Id" = t."CustomerId"
             WHERE t."Hash" = $1
            """
        );
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), hash))
            {
                var retiredAt = reader.IsDBNull(4) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(4);
                return new KnownToken(reader.GetInt32(1), reader.GetString(2), reader.GetBoolean(3), retiredAt);
            }
        }

        return null;
    }
}
