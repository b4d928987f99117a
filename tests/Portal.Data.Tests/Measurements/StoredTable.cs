using Portal.Domain.Measurements;

namespace Portal.Data.Tests.Measurements;

/// <summary>
/// What the table should hold, said as plainly as can be: the first value for a device, instant and quantity stays.
/// </summary>
internal sealed class StoredTable
{
    private readonly Dictionary<(string Device, long Ticks), double[]> rows = [];

    public int Count => rows.Count;

    /// <summary>Writes a post and says what should become of its rows.</summary>
    public (List<RowOutcome> Outcomes, int Conflicts) Write(MeasurementBatch batch)
    {
        var outcomes = new List<RowOutcome>();
        var conflicts = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var key = batch.Keys[row];
            var isNew = !rows.TryGetValue((batch.ExternalIds[key.Device], key.Ticks), out var stored);
            stored ??= rows[(batch.ExternalIds[key.Device], key.Ticks)] = Enumerable.Repeat(double.NaN, Quantities.Count).ToArray();
            var (fills, differs) = (false, false);
            foreach (var quantity in Quantities.All)
            {
                var value = AsStored(quantity, batch.Values(row)[quantity.Index]);
                if (double.IsNaN(value))
                {
                    continue;
                }

                ref var old = ref stored[quantity.Index];
                fills |= double.IsNaN(old);
                differs |= !double.IsNaN(old) && old != value;
                old = double.IsNaN(old) ? value : old;
            }

            outcomes.Add(isNew || fills ? RowOutcome.Accepted : RowOutcome.Duplicate);
            conflicts += differs ? 1 : 0;
        }

        return (outcomes, conflicts);
    }

    /// <summary>The rows as text, to compare with <see cref="ReadAsync"/>.</summary>
    public List<string> Lines() =>
        rows.Select(row => Line(row.Key.Device, row.Key.Ticks, row.Value)).Order(StringComparer.Ordinal).ToList();

    /// <summary>What the table does hold, of devices whose serial starts so.</summary>
    public static async Task<List<string>> ReadAsync(WriterDatabase database, string prefix)
    {
        await using var command = database.DataSource.CreateCommand(
            $"""
            SELECT d."ExternalId", m."Time", {string.Join(", ", Quantities.All.Select(q => $"m.\"{q.Column}\""))}
              FROM monitoring."PowerMeasurements" m JOIN monitoring."Devices" d ON d."Id" = m."DeviceId"
             WHERE d."ExternalId" LIKE $1
            """
        );
        command.Parameters.Add(new() { Value = prefix + "%" });
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var values = Quantities.All.Select(q =>
                reader.IsDBNull(q.Index + 2) ? double.NaN
                : q.Kind == QuantityKind.LoadType ? reader.GetString(q.Index + 2)[0]
                : Convert.ToDouble(reader.GetValue(q.Index + 2), System.Globalization.CultureInfo.InvariantCulture)
            );
            lines.Add(Line(reader.GetString(0), reader.GetDateTime(1).Ticks, values.ToArray()));
        }

        return lines.Order(StringComparer.Ordinal).ToList();
    }

    private static double AsStored(Quantity quantity, double value) =>
        quantity.Kind == QuantityKind.Instantaneous ? (float)value : value;

    private static string Line(string device, long ticks, double[] values) =>
        $"{device} {ticks} {string.Join(' ', Quantities.All.Where(q => !double.IsNaN(values[q.Index])).Select(q => $"{q.Name}={values[q.Index]:R}"))}";
}
