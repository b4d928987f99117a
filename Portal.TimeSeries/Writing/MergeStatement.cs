using Npgsql;
using NpgsqlTypes;
using Portal.TimeSeries.Engines;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Writing;

/// <summary>
/// INSERT … ON CONFLICT of some rows: from a temporary staging table that they are copied into, or from arrays where they are few (a table of
/// seventy columns is seventy rows in the server's catalogue).
/// </summary>
internal sealed class MergeStatement(NpgsqlConnection connection, NpgsqlTransaction transaction, WriteSet set)
{
    /// <summary>From here on staging is faster than arrays; at 100 rows it takes twice as long.</summary>
    private const int StagingFrom = 1_000;

    private int tables;

    /// <summary>Inserts rows that are not there.</summary>
    /// <returns>Those that were inserted; the others were there by then, and are as they were.</returns>
    public Task<List<int>> InsertAsync(List<int> which, CancellationToken cancellationToken) =>
        RunAsync(which, "DO NOTHING", [], cancellationToken);

    /// <summary>
    /// Fills the columns of stored rows that are still null and counts the conflicts that remain. Where the set replaces, every value it has
    /// takes the place of the stored one.
    /// </summary>
    /// <returns>Those that changed at least one.</returns>
    public Task<List<int>> ChangeAsync(List<int> which, CancellationToken cancellationToken) =>
        RunAsync(
            which,
            $"DO UPDATE SET {Columns(set.Replaces ? Replaced : Filled, ", ")} WHERE {Columns(set.Replaces ? Differs : Fills, " OR ")}",
            set.Columns,
            cancellationToken
        );

    private string Columns(Func<string, string> sql, string separator) => string.Join(separator, set.Columns.Select(q => sql(q.Column)));

    private static string Filled(string column) => $"\"{column}\" = COALESCE(t.\"{column}\", EXCLUDED.\"{column}\")";

    private static string Fills(string column) => $"(t.\"{column}\" IS NULL AND EXCLUDED.\"{column}\" IS NOT NULL)";

    private static string Replaced(string column) => $"\"{column}\" = COALESCE(EXCLUDED.\"{column}\", t.\"{column}\")";

    private static string Differs(string column) => $"(EXCLUDED.\"{column}\" IS NOT NULL AND EXCLUDED.\"{column}\" IS DISTINCT FROM t.\"{column}\")";

    private async Task<List<int>> RunAsync(List<int> which, string conflict, IReadOnlyList<Quantity> returned, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection, Transaction = transaction };
        var (source, order) =
            which.Count < StagingFrom ? Arrays(command, which) : (await StageAsync(which, cancellationToken), "s.ctid");
        command.CommandText = $"""
            INSERT INTO {set.Layout.Table} AS t ({set.Layout.Columns}{TableSql.List(set.Columns)})
            SELECT {set.Layout.Columns}{TableSql.List(set.Columns)} FROM {source} ORDER BY {order}
            ON CONFLICT ({set.Layout.Key}) {conflict}
            RETURNING t."DeviceId", t."Time"{TableSql.List(returned, "t.")}
            """;

        var byKey = which.ToDictionary(row => (set.Rows[row].Device.DeviceId, set.Rows[row].Ticks));
        var done = new List<int>(which.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = byKey[(reader.GetInt32(0), reader.GetFieldValue<DateTime>(1).Ticks)];
            done.Add(row);
            if (StoredValues.Compare(reader, 2, returned, set.Values(set.Rows[row])).Differs)
            {
                set.Conflict(row);
            }
        }

        return done;
    }

    private async Task<string> StageAsync(List<int> which, CancellationToken cancellationToken)
    {
        var table = $"pg_temp.measurements_{++tables}";
        var columns = string.Concat(set.Columns.Select(q => $", \"{q.Column}\" {SqlScript.TypeOf(q)}"));
        await using var create = new NpgsqlCommand(
            $"""CREATE TEMPORARY TABLE measurements_{tables} ({set.Layout.Customer("\"CustomerId\" integer, ")}"DeviceId" integer, "Time" timestamptz, "ReceivedAt" timestamptz{columns}) ON COMMIT DROP""",
            connection,
            transaction
        );
        await create.ExecuteNonQueryAsync(cancellationToken);
        await BinaryCopy.WriteAsync(connection, table, set, which, cancellationToken);
        return $"{table} AS s";
    }

    private (string Source, string Order) Arrays(NpgsqlCommand command, List<int> which)
    {
        var parameters = command.Parameters;
        if (set.Layout.HasCustomers)
        {
            parameters.Add(new NpgsqlParameter<int[]> { TypedValue = which.Select(row => set.Rows[row].Device.CustomerId).ToArray() });
        }

        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = which.Select(row => set.Rows[row].Device.DeviceId).ToArray() });
        parameters.Add(Instants(which.Select(row => PgTime.Instant(set.Rows[row].Ticks))));
        parameters.Add(Instants(which.Select(row => set.ReceivedAt(set.Rows[row]).UtcDateTime)));
        foreach (var quantity in set.Columns)
        {
            parameters.Add(Values(which, quantity));
        }

        var arrays = string.Join(", ", Enumerable.Range(1, parameters.Count).Select(i => $"${i}"));
        return ($"unnest({arrays}) WITH ORDINALITY AS s ({set.Layout.Columns}{TableSql.List(set.Columns)}, \"Row\")", "s.\"Row\"");
    }

    private NpgsqlParameter Values(List<int> which, Quantity quantity) =>
        quantity.Kind switch
        {
            QuantityKind.Register => new NpgsqlParameter<double?[]> { TypedValue = Column(which, quantity, value => (double?)value) },
            QuantityKind.LoadType => new NpgsqlParameter<string?[]> { TypedValue = Column(which, quantity, value => ((char)value).ToString()) },
            _ => new NpgsqlParameter<float?[]> { TypedValue = Column(which, quantity, value => (float?)value) },
        };

    private T?[] Column<T>(List<int> which, Quantity quantity, Func<double, T> convert)
    {
        var column = new T?[which.Count];
        for (var i = 0; i < column.Length; i++)
        {
            var value = set.Values(set.Rows[which[i]])[quantity.Index];
            column[i] = double.IsNaN(value) ? default : convert(value);
        }

        return column;
    }

    private static NpgsqlParameter<DateTime[]> Instants(IEnumerable<DateTime> instants) =>
        new()
        {
            TypedValue = instants.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        };
}
