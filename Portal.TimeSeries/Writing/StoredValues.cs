using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Writing;

/// <summary>Compares a row's values with stored ones, as stored: instantaneous values have seven digits.</summary>
internal static class StoredValues
{
    /// <param name="reader">Stands on the stored row.</param>
    /// <param name="first">Ordinal of the first of <paramref name="columns"/>, which follow each other.</param>
    /// <param name="values">The row's values by <see cref="Quantity.Index"/>; NaN is absent.</param>
    public static (RowState State, bool Differs) Compare(
        NpgsqlDataReader reader,
        int first,
        IReadOnlyList<Quantity> columns,
        ReadOnlySpan<double> values
    )
    {
        var (state, differs) = (RowState.Known, false);
        for (var i = 0; i < columns.Count; i++)
        {
            var value = values[columns[i].Index];
            if (double.IsNaN(value))
            {
                continue;
            }

            if (reader.IsDBNull(first + i))
            {
                state = RowState.Fills;
            }
            else
            {
                differs |= !IsStored(reader, first + i, columns[i].Kind, value);
            }
        }

        return (state, differs);
    }

    /// <summary>Whether two present values are one and the same in the table.</summary>
    public static bool AreEqual(QuantityKind kind, double left, double right) =>
        kind == QuantityKind.Instantaneous ? (float)left == (float)right : left == right;

    private static bool IsStored(NpgsqlDataReader reader, int ordinal, QuantityKind kind, double value) =>
        kind switch
        {
            QuantityKind.Register => reader.GetDouble(ordinal) == value,
            QuantityKind.LoadType => reader.GetChar(ordinal) == (char)value,
            _ => reader.GetFloat(ordinal) == (float)value,
        };
}
