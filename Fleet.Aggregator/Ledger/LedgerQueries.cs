using Npgsql;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>The delivery ledger of a customer, for operators.</summary>
internal sealed class LedgerQueries(NpgsqlDataSource dataSource, TimeProvider clock)
{
    private const int MaxDays = 400;

    private const string Customer = """SELECT "LedgerComparedAt" FROM fleet."Customers" WHERE "Id" = $1""";

    // Days that are not over are nobody's difference and not unproven.
    private const string Totals = """
        SELECT count("ProvenAt"), count("DiffersAt"), min("Day") FILTER (WHERE "ProvenAt" IS NULL AND "Day" < $2),
               coalesce(sum("Rows") FILTER (WHERE "ProvenAt" IS NOT NULL), 0)::bigint
          FROM fleet."LedgerDays" WHERE "CustomerId" = $1
        """;

    private const string Days = """
        SELECT l."Day", l.proven, l.open, l.unproven, coalesce(h.samples, 0)::bigint
          FROM (
            SELECT "Day", count("ProvenAt")::int AS proven, count("DiffersAt")::int AS open,
                   (count(*) FILTER (WHERE "ProvenAt" IS NULL AND "DiffersAt" IS NULL))::int AS unproven
              FROM fleet."LedgerDays" WHERE "CustomerId" = $1 AND "Day" > $2::date - $3 GROUP BY "Day") AS l
          LEFT JOIN (
            SELECT (bucket AT TIME ZONE 'UTC')::date AS day, sum(samples) AS samples
              FROM fleet.hourly_per_device
             WHERE customer_id = $1 AND bucket > (($2::date - $3)::timestamp AT TIME ZONE 'UTC') GROUP BY 1) AS h ON h.day = l."Day"
         ORDER BY l."Day" DESC LIMIT $3
        """;

    /// <summary>Null where there is no such customer.</summary>
    public async Task<CustomerLedger?> FindAsync(int customerId, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(Command(Customer, customerId));
        batch.BatchCommands.Add(Command(Totals, customerId, today));
        batch.BatchCommands.Add(Command(Days, customerId, today, MaxDays));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var comparedAt = reader.IsDBNull(0) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(0);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (proven, open, rows) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(3));
        var oldest = reader.IsDBNull(2) ? (DateOnly?)null : reader.GetFieldValue<DateOnly>(2);
        await reader.NextResultAsync(cancellationToken);
        var days = new List<LedgerDaySummary>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var day = reader.GetFieldValue<DateOnly>(0);
            days.Add(new LedgerDaySummary(day, day >= today, reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt64(4)));
        }

        return new CustomerLedger(proven, open, oldest, rows, comparedAt, days);
    }

    private static NpgsqlBatchCommand Command(string sql, int customerId, DateOnly? today = null, int? days = null)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<int> { TypedValue = customerId } } };
        if (today is { } date)
        {
            command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = date });
        }

        if (days is { } count)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        }

        return command;
    }
}
