using Npgsql;
using NpgsqlTypes;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>Reads the measurements of some ranges: one index look-up for each, in their order.</summary>
internal static class OutboxRows
{
    private const int FirstValue = 2;

    private static readonly string Rows = $"""
        SELECT range."Ord"::int, t."Time"{RowValues.Columns("t.")}
          FROM unnest($1, $2, $3) WITH ORDINALITY AS range ("DeviceId", "First", "Last", "Ord")
         CROSS JOIN LATERAL (
           SELECT * FROM monitoring."PowerMeasurements" t
            WHERE t."DeviceId" = range."DeviceId" AND t."Time" >= range."First" AND t."Time" <= range."Last"
              AND t."Time" >= $4 AND t."Time" <= $5
            ORDER BY t."Time"
            LIMIT $6) AS t
         ORDER BY range."Ord", t."Time"
         LIMIT $6
        """;

    public static async Task<IReadOnlyList<OutboxRange>> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<OutboxRange> ranges,
        int limit,
        Action<StoredRow> take,
        CancellationToken cancellationToken
    )
    {
        // No more ranges than rows are wanted: a range without a row is rare.
        var next = ranges.Take(limit).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""SELECT "Id", "ExternalId" FROM monitoring."Devices" WHERE "Id" = ANY ($1)""")
                {
                    Parameters = { new NpgsqlParameter<int[]> { TypedValue = [.. next.Select(range => range.DeviceId).Distinct()] } },
                },
                // The bounds let the planner leave out partitions and chunks.
                new(Rows)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<int[]> { TypedValue = [.. next.Select(range => range.DeviceId)] },
                        Instants(next.Select(range => range.First)),
                        Instants(next.Select(range => range.Last)),
                        new NpgsqlParameter<DateTime> { TypedValue = Instant(next.Min(range => range.First)) },
                        new NpgsqlParameter<DateTime> { TypedValue = Instant(next.Max(range => range.Last)) },
                        new NpgsqlParameter<int> { TypedValue = limit },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var serials = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            serials.Add(reader.GetInt32(0), reader.GetString(1));
        }

        await reader.NextResultAsync(cancellationToken);
        var row = new StoredRow();
        var (count, at) = (0, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            (count, at) = (count + 1, reader.GetInt32(0) - 1);
            row.UtcTicks = reader.GetFieldValue<DateTime>(1).Ticks;
            // Deleted between the two statements: the rows that are still seen are gone for everybody else.
            if (serials.TryGetValue(next[at].DeviceId, out var serial))
            {
                row.ExternalId = serial;
                RowValues.Read(reader, FirstValue, row.Values);
                take(row);
            }
        }

        return Rest(ranges, next.Length, count < limit ? null : (at, row.UtcTicks));
    }

    // What lies behind the last row, or behind the ranges that were read to their end.
    private static List<OutboxRange> Rest(IReadOnlyList<OutboxRange> ranges, int read, (int Range, long Ticks)? last)
    {
        var rest = ranges.Skip(last?.Range ?? read).ToList();
        if (last is { } stop)
        {
            rest[0] = rest[0] with { First = stop.Ticks + TimeSpan.TicksPerMicrosecond };
            if (rest[0].First > rest[0].Last)
            {
                rest.RemoveAt(0);
            }
        }

        return rest;
    }

    private static DateTime Instant(long ticks) => new(ticks, DateTimeKind.Utc);

    private static NpgsqlParameter<DateTime[]> Instants(IEnumerable<long> ticks) =>
        new() { TypedValue = [.. ticks.Select(Instant)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
