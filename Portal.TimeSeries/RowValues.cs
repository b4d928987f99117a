using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries;

/// <summary>All values of a stored row, as they lie in the table.</summary>
public static class RowValues
{
    /// <summary>All quantities' columns in the order of their <see cref="Quantity.Index"/>, each with a comma before it.</summary>
    /// <param name="of">The table's alias with its point, such as <c>t.</c></param>
    public static string Columns(string of) => string.Concat(Quantities.All.Select(quantity => $", {of}\"{quantity.Column}\""));

    /// <summary>Reads them: NaN is absent, instantaneous ones are the stored <c>float</c>, widened.</summary>
    /// <param name="reader">Stands on the row.</param>
    /// <param name="first">Ordinal of the first one.</param>
    /// <param name="values">Filled by <see cref="Quantity.Index"/>; as many as there are quantities.</param>
    public static void Read(NpgsqlDataReader reader, int first, double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] =
                reader.IsDBNull(first + i) ? double.NaN
                : Quantities.All[i].Kind switch
                {
                    QuantityKind.Register => reader.GetDouble(first + i),
                    QuantityKind.LoadType => reader.GetChar(first + i),
                    _ => reader.GetFloat(first + i),
                };
        }
    }
}
