using System.Globalization;
using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.Queries;

/// <summary>One quantity over the intervals of a <see cref="Series"/>; null where the interval has no value.</summary>
/// <param name="Mean">Mean of the samples; for registers the last reading.</param>
/// <param name="Min">Smallest sample.</param>
/// <param name="Max">Largest sample.</param>
public sealed record SeriesColumn(Quantity Quantity, double?[] Mean, double?[] Min, double?[] Max);

/// <summary>Quantities of a device by interval, column by column as charts want them.</summary>
/// <param name="Starts">Start of each interval that holds at least one row, ascending.</param>
/// <param name="Samples">Rows in each interval.</param>
public sealed record Series(IReadOnlyList<DateTimeOffset> Starts, IReadOnlyList<int> Samples, IReadOnlyList<SeriesColumn> Columns);

/// <summary>Curves of a device's quantities, taken from its raw rows.</summary>
public sealed class SeriesQueries(NpgsqlDataSource dataSource)
{
    /// <param name="edges">Edges of the intervals, ascending (<c>IntervalGrid.Edges</c>); the caller caps their number.</param>
    /// <param name="quantities">At least one, none of them <see cref="QuantityKind.LoadType"/> (a letter has no mean).</param>
    public async Task<Series> ReadAsync(
        int deviceId,
        IReadOnlyList<DateTimeOffset> edges,
        IReadOnlyList<Quantity> quantities,
        CancellationToken cancellationToken
    )
    {
        if (quantities.Any(q => q.Kind == QuantityKind.LoadType))
        {
            throw new ArgumentException("The load type is a letter and has no curve.", nameof(quantities));
        }

        var aggregates = string.Join(
            ", ",
            quantities.Select(q =>
                $"{Middle(q)}, min(\"{q.Column}\")::double precision, max(\"{q.Column}\")::double precision"
            )
        );

        // width_bucket finds the interval by binary search, so one statement serves every grid: quarter hours, days of 25 hours, months.
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT width_bucket("Time", $4::timestamptz[]) AS slot, count(*)::int, {aggregates}
              FROM monitoring."PowerMeasurements"
             WHERE "DeviceId" = $1 AND "Time" >= $2 AND "Time" < $3
             GROUP BY slot
             ORDER BY slot
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(MeasurementQueries.Instant(edges[0]));
        command.Parameters.Add(MeasurementQueries.Instant(edges[^1]));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. edges.Select(e => e.ToUniversalTime())] });

        var starts = new List<DateTimeOffset>();
        var samples = new List<int>();
        var columns = quantities.Select(_ => (Mean: new List<double?>(), Min: new List<double?>(), Max: new List<double?>())).ToList();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            starts.Add(edges[reader.GetInt32(0) - 1]);
            samples.Add(reader.GetInt32(1));
            for (var i = 0; i < columns.Count; i++)
            {
                columns[i].Mean.Add(Number(reader, 2 + i * 3, quantities[i]));
                columns[i].Min.Add(Number(reader, 3 + i * 3, quantities[i]));
                columns[i].Max.Add(Number(reader, 4 + i * 3, quantities[i]));
            }
        }

        return new Series(
            starts,
            samples,
            [.. quantities.Select((q, i) => new SeriesColumn(q, [.. columns[i].Mean], [.. columns[i].Min], [.. columns[i].Max]))]
        );
    }

    internal static string Middle(Quantity quantity) =>
        quantity.Kind == QuantityKind.Register
            ? $"(array_agg(\"{quantity.Column}\" ORDER BY \"Time\" DESC) FILTER (WHERE \"{quantity.Column}\" IS NOT NULL))[1]"
            : $"avg(\"{quantity.Column}\")";

    // Instantaneous quantities have the seven digits of a real: 12.34 is not shown as 12.34000015.
    private static double? Number(NpgsqlDataReader reader, int column, Quantity quantity) =>
        reader.IsDBNull(column) ? null
        : quantity.Kind == QuantityKind.Register ? reader.GetDouble(column)
        : double.Parse(reader.GetDouble(column).ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
