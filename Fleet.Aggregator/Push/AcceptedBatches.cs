using System.Text.Json;
using Npgsql;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary>Which batches were accepted before, by their events. Asked while their customers' rows are held, so no other commit adds one meanwhile.</summary>
internal static class AcceptedBatches
{
    private const string Find = """
        SELECT e."CustomerId", e."BatchId", e."RowsAccepted", e."RowsDuplicate", e."RowsRejected", e."Rejections"
          FROM unnest($1, $2) AS s ("CustomerId", "BatchId")
         CROSS JOIN LATERAL (
           SELECT * FROM fleet."IngestEvents" WHERE "CustomerId" = s."CustomerId" AND "BatchId" = s."BatchId" AND "Status" = 200 LIMIT 1
         ) AS e
        """;

    /// <returns>The results of those, with the answers they were given.</returns>
    public static async Task<Dictionary<PushTicket, PushResult>> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PushTicket> batches,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<PushTicket, PushResult>();
        if (batches.Count == 0)
        {
            return found;
        }

        await using var command = new NpgsqlCommand(Find, connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. batches.Select(batch => batch.CustomerId)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. batches.Select(batch => batch.Batch.Id)] },
            },
        };
        var byKey = batches.ToDictionary(batch => (batch.CustomerId, batch.Batch.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var batch = byKey[(reader.GetInt32(0), reader.GetGuid(1))];
            var rejections = reader.IsDBNull(5) ? null : JsonSerializer.Deserialize(reader.GetString(5), PushJson.Default.IReadOnlyListRejection);
            var answer = new PushAnswer(batch.Batch.Id, reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), rejections ?? []);
            found[batch] = new PushResult(answer, Repeated: true, PushResult.NoneRejected, Conflicts: 0);
        }

        return found;
    }
}
