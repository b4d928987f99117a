using System.Globalization;
using Portal.Domain.Measurements;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>
/// What the table should hold, said as plainly as can be: the first value of a customer's device, instant and quantity stays, unless a push
/// replaces it.
/// </summary>
internal sealed class StoredRows
{
    private readonly Dictionary<(int Customer, string Device, long Ticks), double[]> rows = [];

    public int Count => rows.Count;

    /// <summary>Writes a batch and says what should become of its rows.</summary>
    public (List<RowOutcome> Outcomes, int Conflicts) Write(int customer, MeasurementBatch batch, bool replaces)
    {
        var outcomes = new List<RowOutcome>();
        var conflicts = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            var key = (customer, batch.ExternalIds[batch.Keys[row].Device], batch.Keys[row].Ticks);
            var isNew = !rows.TryGetValue(key, out var stored);
            stored ??= rows[key] = Enumerable.Repeat(double.NaN, Quantities.Count).ToArray();
            var (changes, differs) = (false, false);
            foreach (var quantity in Quantities.All)
            {
                var value = batch.Values(row)[quantity.Index];
                ref var old = ref stored[quantity.Index];
                if (double.IsNaN(value) || old == value)
                {
                    continue;
                }

                changes |= double.IsNaN(old) || replaces;
                differs |= !double.IsNaN(old) && !replaces;
                old = double.IsNaN(old) || replaces ? value : old;
            }

            outcomes.Add(isNew || changes ? RowOutcome.Accepted : RowOutcome.Duplicate);
            conflicts += differs ? 1 : 0;
        }

        return (outcomes, conflicts);
    }

    /// <summary>The rows as text, to compare with <see cref="ReadAsync"/>.</summary>
    public List<string> Lines() =>
        rows.Select(row => Line(row.Key.Customer, row.Key.Device, row.Key.Ticks, row.Value)).Order(StringComparer.Ordinal).ToList();

    /// <summary>What the table does hold.</summary>
    public static async Task<List<string>> ReadAsync(FleetDatabase database)
    {
        await using var command = database.DataSource.CreateCommand(
            $"""
            SELECT m."CustomerId", d."ExternalId", m."Time", {string.Join(", ", Quantities.All.Select(q => $"m.\"{q.Column}\""))}
              FROM fleet."PowerMeasurements" m JOIN fleet."Devices" d ON d."Id" = m."DeviceId" AND d."CustomerId" = m."CustomerId"
            """
        );
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var values = Quantities.All.Select(q =>
                reader.IsDBNull(q.Index + 3) ? double.NaN
                : q.Kind == QuantityKind.LoadType ? reader.GetString(q.Index + 3)[0]
                : Convert.ToDouble(reader.GetValue(q.Index + 3), CultureInfo.InvariantCulture)
            );
            lines.Add(Line(reader.GetInt32(0), reader.GetString(1), reader.GetDateTime(2).Ticks, values.ToArray()));
        }

        return lines.Order(StringComparer.Ordinal).ToList();
    }

    private static string Line(int customer, string device, long ticks, double[] values) =>
        $"{customer} {device} {ticks} {string.Join(' ', Quantities.All.Where(q => !double.IsNaN(values[q.Index])).Select(q => $"{q.Name}={values[q.Index]:R}"))}";
}
