using Fleet.Aggregator.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Aggregator.Events;

/// <summary>Writes ingest events: those of a commit in its transaction, refused ones by themselves.</summary>
internal sealed class IngestEventWriter(NpgsqlDataSource dataSource)
{
    private const string Insert = """
        INSERT INTO fleet."IngestEvents" ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate",
               "RowsRejected", "MinTime", "MaxTime", "ReceivedAt", "DurationMs", "Bytes", "TraceId", "Error", "Rejections")
        SELECT s."CustomerId", s."BatchId", s."BatchType", s."Status", s."RowsReceived", s."RowsAccepted", s."RowsDuplicate",
               s."RowsRejected", s."MinTime", s."MaxTime", s."ReceivedAt", s."DurationMs", s."Bytes", s."TraceId", s."Error", s."Rejections"::jsonb
          FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            AS s ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected",
                  "MinTime", "MaxTime", "ReceivedAt", "DurationMs", "Bytes", "TraceId", "Error", "Rejections")
         CROSS JOIN LATERAL (SELECT FROM fleet."Customers" WHERE "Id" = s."CustomerId" LIMIT 1) AS c
        """;

    /// <summary>
    /// Writes one event by itself; nothing where its customer was deleted in between. Somebody waits for an answer meanwhile: where the customer's
    /// row is held by whoever deletes it, or one of its devices, it gives up after two seconds.
    /// </summary>
    /// <exception cref="NpgsqlException">It was not written.</exception>
    public async Task WriteAsync(IngestEvent ingested, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new("SET LOCAL lock_timeout = '2s'"), IndexOnly.Command(), Command([ingested]) },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The statement for some events, as part of a transaction.</summary>
    /// <exception cref="PostgresException">A unique violation of <c>FleetModel.BatchIndex</c> on execution: the batch was accepted before.</exception>
    public static NpgsqlBatchCommand Command(IReadOnlyList<IngestEvent> events) =>
        new(Insert)
        {
            Parameters =
            {
                Column(events, e => e.CustomerId),
                Column(events, e => e.BatchId),
                Column(events, e => e.BatchType),
                Column(events, e => e.Status),
                Column(events, e => e.RowsReceived),
                Column(events, e => e.RowsAccepted),
                Column(events, e => e.RowsDuplicate),
                Column(events, e => e.RowsRejected),
                Instants(events, e => e.MinTime),
                Instants(events, e => e.MaxTime),
                Instants(events, e => e.ReceivedAt),
                Column(events, e => e.DurationMs),
                Column(events, e => e.Bytes),
                Column(events, e => e.TraceId),
                Column(events, e => e.Error),
                Column(events, e => e.Rejections),
            },
        };

    private static NpgsqlParameter<T[]> Column<T>(IReadOnlyList<IngestEvent> events, Func<IngestEvent, T> value) =>
        new() { TypedValue = [.. events.Select(value)] };

    private static NpgsqlParameter<DateTime?[]> Instants(IReadOnlyList<IngestEvent> events, Func<IngestEvent, DateTimeOffset?> value) =>
        new() { TypedValue = [.. events.Select(e => value(e)?.UtcDateTime)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
