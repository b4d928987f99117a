using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Portal.Domain.Ledger;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries;

/// <summary>Reads whole device-days of a measurement table, one range of the key after the other: both sides of the delivery ledger do.</summary>
public static class StoredDays
{
    private const int FirstValue = 2;

    /// <summary>The rows of these days, in the order of the days and their times.</summary>
    /// <returns>Place of the day in <paramref name="days"/>, ticks of the row's time (UTC), and its values; the array is the same each time.</returns>
    public static async IAsyncEnumerable<(int Day, long UtcTicks, double[] Values)> RowsAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        IReadOnlyList<DeviceDay> days,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (days.Count == 0)
        {
            yield break;
        }

        // The bounds let the planner leave out partitions and chunks.
        await using var command = new NpgsqlCommand(
            $"""
            SELECT day."Ord"::int, t."Time"{RowValues.Columns("t.")}
              FROM unnest($1, $2, $3{layout.Customer(", $6")}) WITH ORDINALITY AS day ("DeviceId", "From", "To"{layout.Customer(", \"CustomerId\"")}, "Ord")
             CROSS JOIN LATERAL (
               SELECT * FROM {layout.Table} t
                WHERE {layout.Customer("t.\"CustomerId\" = day.\"CustomerId\" AND ")}t."DeviceId" = day."DeviceId"
                  AND t."Time" >= day."From" AND t."Time" < day."To" AND t."Time" >= $4 AND t."Time" < $5
                ORDER BY t."Time") AS t
             ORDER BY day."Ord", t."Time"
            """,
            connection
        )
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. days.Select(day => day.Device.DeviceId)] },
                Instants(days.Select(day => day.From)),
                Instants(days.Select(day => day.To)),
                new NpgsqlParameter<DateTime> { TypedValue = days.Min(day => day.From) },
                new NpgsqlParameter<DateTime> { TypedValue = days.Max(day => day.To) },
            },
        };
        if (layout.HasCustomers)
        {
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. days.Select(day => day.Device.CustomerId)] });
        }

        var values = new double[Quantities.Count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            RowValues.Read(reader, FirstValue, values);
            yield return (reader.GetInt32(0) - 1, reader.GetFieldValue<DateTime>(1).Ticks, values);
        }
    }

    /// <summary>What the table holds of each of these days, in their order; one without rows has the hash of nothing.</summary>
    /// <param name="connection">In a transaction of one snapshot where the days have to be as of the same moment.</param>
    public static async Task<IReadOnlyList<DayContent>> ContentsAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        IReadOnlyList<DeviceDay> days,
        CancellationToken cancellationToken
    )
    {
        var contents = new List<DayContent>(days.Count);
        using var sum = new DaySum();
        await foreach (var (day, ticks, values) in RowsAsync(layout, connection, days, cancellationToken))
        {
            while (contents.Count < day)
            {
                contents.Add(sum.Finish(days[contents.Count]));
            }

            sum.Add(ticks, values);
        }

        while (contents.Count < days.Count)
        {
            contents.Add(sum.Finish(days[contents.Count]));
        }

        return contents;
    }

    private static NpgsqlParameter<DateTime[]> Instants(IEnumerable<DateTime> instants) =>
        new() { TypedValue = [.. instants], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private sealed class DaySum : IDisposable
    {
        private static readonly int Import = Quantities.EnergyImportKwh.Index;

        private readonly DayHash hash = new();
        private int rows;
        private long first;
        private long last;
        private double before = double.NaN;
        private double after = double.NaN;

        public void Add(long ticks, double[] values)
        {
            hash.Append(ticks, values);
            first = rows++ == 0 ? ticks : first;
            last = ticks;
            if (!double.IsNaN(values[Import]))
            {
                before = double.IsNaN(before) ? values[Import] : before;
                after = values[Import];
            }
        }

        public DayContent Finish(DeviceDay day)
        {
            var content = new DayContent(
                day,
                rows,
                rows == 0 ? null : new DateTime(first, DateTimeKind.Utc),
                rows == 0 ? null : new DateTime(last, DateTimeKind.Utc),
                double.IsNaN(before) ? null : after - before,
                Convert.FromHexString(hash.Finish())
            );
            (rows, before, after) = (0, double.NaN, double.NaN);
            return content;
        }

        public void Dispose() => hash.Dispose();
    }
}
