using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.Queries;

/// <summary>Raw rows of a device.</summary>
public sealed class MeasurementQueries(NpgsqlDataSource dataSource)
{
    private static readonly string Columns = string.Join(", ", Quantities.All.Select(q => $"\"{q.Column}\""));

    private static readonly string Page = $"""
        SELECT "Time", "ReceivedAt", {Columns}
          FROM monitoring."PowerMeasurements"
         WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3
         ORDER BY "Time" DESC
         LIMIT $4
        """;

    /// <summary>
    /// A page is looked for in so much of the range first: two partitions at most, or the chunks that are not compressed. Planning for all pieces
    /// of ten years takes longer than reading the page: 2 ms for 120 partitions, and there are thirty times as many chunks.
    /// </summary>
    private static readonly TimeSpan Newest = TimeSpan.FromDays(7);

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
        var end = before is { } cursor && cursor < to ? cursor : to;
        var start = end - from > Newest ? end - Newest : from;
        var rows = new List<StoredMeasurement>(limit);
        await AddAsync(rows, deviceId, start, end, limit, cancellationToken);
        if (rows.Count < limit && start > from)
        {
            await AddAsync(rows, deviceId, from, start, limit - rows.Count, cancellationToken);
        }

        return rows;
    }

    internal static NpgsqlParameter Instant(DateTimeOffset instant) => new NpgsqlParameter<DateTimeOffset> { TypedValue = instant.ToUniversalTime() };

    private async Task AddAsync(
        List<StoredMeasurement> rows,
        int deviceId,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Page, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(Instant(from));
        command.Parameters.Add(Instant(to));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });

        await command.PrepareAsync(cancellationToken); // its seventy columns are looked up once for each connection
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new StoredMeasurement(reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1), Known(reader)));
        }
    }

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
