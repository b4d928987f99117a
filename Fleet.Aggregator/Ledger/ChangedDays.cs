using Npgsql;
using NpgsqlTypes;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Ledger;

/// <summary>Notes in the transaction that writes measurements which device-days it changed: what was known of them is void until they are compared again.</summary>
internal static class ChangedDays
{
    // Each day is looked up by its key, whatever the planner believes of the table's size, as IndexOnly says.
    private const string Sql = """
        WITH changed AS (
          SELECT * FROM unnest($1, $2, $3) AS c ("CustomerId", "DeviceId", "Day")
        ),
        known AS MATERIALIZED (
          SELECT c.* FROM changed AS c
           CROSS JOIN LATERAL (
             SELECT FROM fleet."LedgerDays" AS d
              WHERE d."CustomerId" = c."CustomerId" AND d."DeviceId" = c."DeviceId" AND d."Day" = c."Day"
                AND (d."Hash" IS NOT NULL OR d."Hashing" IS NOT NULL)
              LIMIT 1
           ) AS k
        ),
        void AS (
          UPDATE fleet."LedgerDays" AS d SET "Hash" = NULL, "Hashing" = NULL, "ProvenAt" = NULL
            FROM known AS c
           WHERE d."CustomerId" = ANY (ARRAY[c."CustomerId"]) AND d."DeviceId" BETWEEN c."DeviceId" AND c."DeviceId" AND d."Day" BETWEEN c."Day" AND c."Day"
        )
        INSERT INTO fleet."LedgerDays" ("CustomerId", "DeviceId", "Day")
        SELECT * FROM changed
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The statement; the customers' rows are held.</summary>
    /// <param name="days">Each once.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyCollection<DeviceDay> days) =>
        new(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. days.Select(day => day.Device.CustomerId)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. days.Select(day => day.Device.DeviceId)] },
                new() { Value = days.Select(day => day.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            },
        };
}
