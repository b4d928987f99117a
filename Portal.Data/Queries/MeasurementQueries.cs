using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.Queries;

/// <summary>Raw rows of a device.</summary>
public sealed class MeasurementQueries(NpgsqlDataSource dataSource)
{
    private static readonly string Columns = string.Join(", ", Quantities.All.Select(q => $"\"{q.Column}\""));

    /// <summary>Rows of <c>[from, to)</c>, newest first.</summary>
    /// <param name="limit">Most rows to give; the caller caps it.</param>
    /// <param name="before">Keyset cursor: only rows before this time; null for the first page.</param>
    /// <returns>At most <paramref name="limit"/> rows; empty where there is none.</returns>
    public async Task<List<StoredMeasurement>> PageAsync(
        int deviceId,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit,
        DateTimeOffset? before,
        CancellationToken cancellationToken
    )
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT "Time", "ReceivedAt", {Columns}
              FROM monitoring."PowerMeasurements"
             WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3
             ORDER BY "Time" DESC
             LIMIT $4
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(Instant(from));
        command.Parameters.Add(Instant(before is { } cursor && cursor < to ? cursor : to));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });

        var rows = new List<StoredMeasurement>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new StoredMeasurement(reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1), Known(reader)));
        }

        return rows;
    }

    internal static NpgsqlParameter Instant(DateTimeOffset instant) => new NpgsqlParameter<DateTimeOffset> { TypedValue = instant.ToUniversalTime() };

    private static Dictionary<string, object> Known(NpgsqlDataReader reader)
    {
        var values = new Dictionary<string, object>();
        foreach (var quantity in Quantities.All)
        {
            var column = quantity.Index + 2;
            if (!reader.IsDBNull(column))
            {
                values.Add(quantity.Name, reader.GetValue(column));
            }
        }

        return values;
    }
}
