using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.Queries;

/// <summary>A row of a device's history, its values in the order that was asked for.</summary>
/// <param name="Time">The device's clock, UTC.</param>
/// <param name="ReceivedAt">When the row was first stored, UTC.</param>
/// <param name="Values"><see cref="float"/>, <see cref="double"/> for registers, <see cref="string"/> for the load type; null is absent.</param>
public sealed record HistoryRow(DateTimeOffset Time, DateTimeOffset ReceivedAt, object?[] Values);

/// <summary>Raw rows of a device from the oldest on, to be taken away as a whole.</summary>
public sealed class HistoryQueries(NpgsqlDataSource dataSource)
{
    /// <summary>The quantities that any row of <c>[from, to)</c> has. It reads all of them.</summary>
    public async Task<List<Quantity>> QuantitiesAsync(int deviceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"SELECT {string.Join(", ", Quantities.All.Select(q => $"count(\"{q.Column}\")"))} {Of(deviceId, from, to, out var parameters)}");
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return [.. Quantities.All.Where((_, column) => reader.GetInt64(column) > 0)];
    }

    /// <summary>The first rows of <c>[from, to)</c>, oldest first.</summary>
    /// <param name="limit">Most rows to give; where there are as many, ask again from just after the last.</param>
    public async Task<List<HistoryRow>> PageAsync(
        int deviceId, IReadOnlyList<Quantity> quantities, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""SELECT "Time", "ReceivedAt"{string.Concat(quantities.Select(q => $", \"{q.Column}\""))} {Of(deviceId, from, to, out var parameters)} ORDER BY "Time" LIMIT $4""");
        command.Parameters.AddRange(parameters);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var rows = new List<HistoryRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object?[quantities.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = reader.IsDBNull(i + 2) ? null : reader.GetValue(i + 2);
            }

            rows.Add(new HistoryRow(reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1), values));
        }

        return rows;
    }

    private static string Of(int deviceId, DateTimeOffset from, DateTimeOffset to, out NpgsqlParameter[] parameters)
    {
        parameters = [new NpgsqlParameter<int> { TypedValue = deviceId }, MeasurementQueries.Instant(from), MeasurementQueries.Instant(to)];
        return """FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3""";
    }
}
