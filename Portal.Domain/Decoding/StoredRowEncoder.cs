using System.Globalization;
using System.Text;
using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Writes a stored row in the native form, such that a reader who parses its numbers as <c>double</c> stores the very same bits again:
/// <code>
/// {"externalId":"AN12345","time":"2026-11-23T10:00:00Z","activePowerKw":12.34,"energyImportKwh":45678.9,"loadType":"L"}
/// </code>
/// Instantaneous quantities are stored as <c>real</c>: 12.34 takes five characters as that, and 18 as the double it is widened to.
/// </summary>
public static class StoredRowEncoder
{
    private const int MaxNumber = 32; // "-2.2250738585072014E-308" has 24

    private static readonly JsonEncodedText[] Names = [.. Quantities.All.Select(quantity => JsonEncodedText.Encode(quantity.Name))];

    /// <param name="json">Stands where a value may be written.</param>
    /// <param name="externalId">The device's serial.</param>
    /// <param name="utcTicks">The row's instant; whole microseconds are kept, as in the table.</param>
    /// <param name="values">By <see cref="Quantity.Index"/>; NaN is absent and left out. Of instantaneous ones the value as <c>float</c> counts.</param>
    public static void Write(Utf8JsonWriter json, JsonEncodedText externalId, long utcTicks, ReadOnlySpan<double> values)
    {
        Span<char> time = stackalloc char[32];
        var format = utcTicks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        new DateTime(utcTicks).TryFormat(time, out var length, format, CultureInfo.InvariantCulture);

        json.WriteStartObject();
        json.WriteString("externalId"u8, externalId);
        json.WriteString("time"u8, time[..length]);
        Span<byte> number = stackalloc byte[MaxNumber];
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                continue;
            }

            json.WritePropertyName(Names[i]);
            switch (Quantities.All[i].Kind)
            {
                case QuantityKind.LoadType:
                    json.WriteStringValue([(char)values[i]]);
                    break;
                case QuantityKind.Register:
                    json.WriteNumberValue(values[i]);
                    break;
                default:
                    json.WriteRawValue(number[..Shortest(number, (float)values[i])], skipInputValidation: true);
                    break;
            }
        }

        json.WriteEndObject();
    }

    // A float's shortest digits name it among floats. Parsed as a double and rounded to a float afterwards they are rounded twice, which
    // ends at a neighbour for a few in a billion; those get the digits of the double.
    private static int Shortest(Span<byte> target, float value)
    {
        value.TryFormat(target, out var length, default, CultureInfo.InvariantCulture);
        var read = (float)double.Parse(target[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
        if (BitConverter.SingleToInt32Bits(read) != BitConverter.SingleToInt32Bits(value))
        {
            ((double)value).TryFormat(target, out length, default, CultureInfo.InvariantCulture);
        }

        return length;
    }
}
