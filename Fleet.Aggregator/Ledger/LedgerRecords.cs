using Npgsql;

namespace Fleet.Aggregator.Ledger;

/// <summary>The device-days of a scope in the database, while their customer's row is held.</summary>
internal sealed class LedgerRecords(NpgsqlConnection connection, NpgsqlTransaction transaction, LedgerScope scope)
{
    private const string Read = """
        SELECT "DeviceId", "Day", "Rows", "First", "Last", "EnergyDeltaKwh", "Hash"
          FROM fleet."LedgerDays"
         WHERE "CustomerId" = $1 AND "DeviceId" = ANY($2) AND "Day" >= $3 AND "Day" < $4
        """;

    // Only what changes: every night all of a customer's days are compared.
    private const string Prove = """
        UPDATE fleet."LedgerDays" AS d SET "ProvenAt" = $4, "DiffersAt" = NULL
          FROM unnest($2, $3) AS s ("DeviceId", "Day")
         WHERE d."CustomerId" = $1 AND d."DeviceId" = s."DeviceId" AND d."Day" = s."Day" AND (d."ProvenAt" IS NULL OR d."DiffersAt" IS NOT NULL)
        """;

    private const string Open = """
        INSERT INTO fleet."LedgerDays" AS d ("CustomerId", "DeviceId", "Day", "DiffersAt")
        SELECT $1, s."DeviceId", s."Day", $4 FROM unnest($2, $3) AS s ("DeviceId", "Day")
        ON CONFLICT ("CustomerId", "DeviceId", "Day") DO UPDATE SET "ProvenAt" = NULL, "DiffersAt" = coalesce(d."DiffersAt", EXCLUDED."DiffersAt")
        """;

    private const string Drop = """
        DELETE FROM fleet."LedgerDays" AS d USING unnest($2, $3) AS s ("DeviceId", "Day")
         WHERE d."CustomerId" = $1 AND d."DeviceId" = s."DeviceId" AND d."Day" = s."Day"
        """;

    private const string Compared = """
        UPDATE fleet."Customers" SET "LedgerComparedAt" = $2 WHERE "Id" = $1
        """;

    public async Task<Dictionary<(int Device, DateOnly Day), HeldDay>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var read = new NpgsqlCommand(Read, connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = scope.CustomerId },
                new NpgsqlParameter<int[]> { TypedValue = [.. scope.Devices.Keys] },
                new NpgsqlParameter<DateOnly> { TypedValue = scope.From },
                new NpgsqlParameter<DateOnly> { TypedValue = scope.To },
            },
        };
        var held = new Dictionary<(int, DateOnly), HeldDay>();
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(
                (reader.GetInt32(0), reader.GetFieldValue<DateOnly>(1)),
                new HeldDay(
                    reader.IsDBNull(2) ? 0 : reader.GetInt32(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTime>(3),
                    reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTime>(4),
                    reader.IsDBNull(5) ? null : reader.GetDouble(5),
                    reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6)
                )
            );
        }

        return held;
    }

    public async Task WriteAsync(LedgerVerdict verdict, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime };
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, Prove, verdict.Equal, at.Clone());
        Add(batch, Open, verdict.Differing, at.Clone());
        Add(batch, Drop, verdict.Void);
        batch.BatchCommands.Add(new(Compared) { Parameters = { new NpgsqlParameter<int> { TypedValue = scope.CustomerId }, at } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Add(NpgsqlBatch batch, string sql, IReadOnlyList<(int Device, DateOnly Day)> days, NpgsqlParameter? at = null)
    {
        if (days.Count == 0)
        {
            return;
        }

        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = scope.CustomerId },
                new NpgsqlParameter<int[]> { TypedValue = [.. days.Select(day => day.Device)] },
                new NpgsqlParameter<DateOnly[]> { TypedValue = [.. days.Select(day => day.Day)] },
            },
        };
        if (at is not null)
        {
            command.Parameters.Add(at);
        }

        batch.BatchCommands.Add(command);
    }
}
