using System.Security.Cryptography;
using Fleet.Aggregator.Storage;
using Npgsql;
using Portal.Domain.Keys;

namespace Fleet.Aggregator.Tokens;

/// <summary>What a token that was given out stands for.</summary>
/// <param name="Active">The operator's switch of its customer.</param>
/// <param name="RetiredAt">When it was rotated; null: it is the one in force.</param>
internal sealed record KnownToken(int CustomerId, string CustomerCode, bool Active, DateTimeOffset? RetiredAt);

/// <summary>
/// Finds the customer of a token. Asked for every request, so that a rotation, a switch and a deletion act on the next one; it is one look-up
/// by an index, whatever the planner knows of the table.
/// </summary>
internal sealed class FleetTokens(NpgsqlDataSource dataSource)
{
    /// <summary>Null where no such token was ever given out, or its customer is deleted.</summary>
    public async Task<KnownToken?> FindAsync(FleetToken token, CancellationToken cancellationToken)
    {
        var hash = token.Hash();
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(IndexOnly.Command());
        batch.BatchCommands.Add(
            new(
                """
                SELECT t."Hash", c."Id", c."Code", c."Active", t."RetiredAt"
                  FROM fleet."PushTokens" AS t
                 CROSS JOIN LATERAL (SELECT * FROM fleet."Customers" WHERE "Id" = t."CustomerId" LIMIT 1) AS c
                 WHERE t."Hash" = $1
                """
            )
            {
                Parameters = { new NpgsqlParameter<byte[]> { TypedValue = hash } },
            }
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
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
