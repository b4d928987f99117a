using System.Buffers;
using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Writes rows of a batch as a post in the native form, such that <see cref="NativeDecoder"/> reads back the same serials, times and
/// values, bit by bit:
/// <code>
/// {"measurements":[{"externalId":"AN12345","time":"2026-11-23T10:00:00.000000Z","activePowerKw":12.34}]}
/// {"measurements":[{"externalId":"AN12345","localTime":"2026-11-01T01:30:00.000000","localTimeRepeated":true,"energyImportKwh":1}]}
/// </code>
/// </summary>
public static class NativeEncoder
{
    /// <summary>Encodes the rows with these numbers in this order. Why a row was refused is not part of it.</summary>
    public static byte[] Encode(MeasurementBatch batch, ReadOnlySpan<int> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (256 * rows.Length));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("measurements"u8);
            foreach (var row in rows)
            {
                Write(json, batch, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, MeasurementBatch batch, int row)
    {
        var key = batch.Keys[row];
        Span<char> time = stackalloc char[32];
        new DateTime(key.Ticks).TryFormat(
            time,
            out var length,
            key.IsLocal ? "yyyy-MM-ddTHH:mm:ss.ffffff" : "yyyy-MM-ddTHH:mm:ss.ffffffZ",
            System.Globalization.CultureInfo.InvariantCulture
        );

        json.WriteStartObject();
        json.WriteString("externalId"u8, batch.ExternalIds[key.Device]);
        json.WriteString(key.IsLocal ? "localTime"u8 : "time"u8, time[..length]);
        if (key.IsRepeated)
        {
            json.WriteBoolean("localTimeRepeated"u8, true);
        }

        var values = batch.Values(row);
        foreach (var quantity in Quantities.All)
        {
            var value = values[quantity.Index];
            if (double.IsNaN(value))
            {
                continue;
            }

            if (quantity.Kind == QuantityKind.LoadType)
            {
                json.WriteString(quantity.Name, [(char)value]);
            }
            else
            {
                json.WriteNumber(quantity.Name, value);
            }
        }

        json.WriteEndObject();
    }
}
