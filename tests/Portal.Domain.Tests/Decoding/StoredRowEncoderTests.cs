using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

public sealed class StoredRowEncoderTests
{
    [Property(MaxTest = 2_000)]
    public void A_reader_of_doubles_gets_the_very_bits_that_are_stored(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Repeat(double.NaN, Quantities.Count).ToArray();
        foreach (var quantity in Quantities.All.Where(_ => random.Next(3) == 0))
        {
            values[quantity.Index] = Value(quantity, random);
        }

        values[Quantities.LoadType.Index] = "LCR"[random.Next(3)]; // a row without any value is refused
        var ticks = MeterClock.Floor.Ticks + (random.NextInt64(0, 50L * 365 * 24 * 3600 * 1_000_000) * TimeSpan.TicksPerMicrosecond);

        var batch = NativeDecoder.Decode(Encode("a \"quoted\" one", ticks, values)).Batch;

        Assert.Equal(1, batch.Count);
        Assert.Null(batch.Refused(0));
        Assert.Equal(("a \"quoted\" one", ticks), (batch.ExternalIds[batch.Keys[0].Device], batch.Keys[0].Ticks));
        foreach (var quantity in Quantities.All)
        {
            var read = batch.Values(0)[quantity.Index];
            Assert.Equal(Bits(quantity, values[quantity.Index]), Bits(quantity, read));
        }
    }

    [Fact]
    public void Numbers_are_as_short_as_what_is_stored()
    {
        var values = Enumerable.Repeat(double.NaN, Quantities.Count).ToArray();
        values[Quantities.ActivePowerKw.Index] = 12.34f;
        values[Quantities.EnergyImportKwh.Index] = 45678.9;
        values[Quantities.LoadType.Index] = 'L';

        Assert.Equal(
            """{"measurements":[{"externalId":"AN12345","time":"2026-11-23T10:00:00Z","activePowerKw":12.34,"energyImportKwh":45678.9,"loadType":"L"}]}""",
            Encoding.UTF8.GetString(Encode("AN12345", new DateTime(2026, 11, 23, 10, 0, 0).Ticks, values))
        );
    }

    [Fact]
    public void A_float_whose_shortest_digits_a_double_would_round_elsewhere_gets_all_digits()
    {
        // The double nearest to 7.038531E-26 lies exactly in the middle of two floats, and is rounded to the other one.
        var value = BitConverter.Int32BitsToSingle(0x15AE43FD);
        Assert.NotEqual((float)7.038531E-26, value);
        var values = Enumerable.Repeat(double.NaN, Quantities.Count).ToArray();
        values[Quantities.ActivePowerKw.Index] = value;

        var read = NativeDecoder.Decode(Encode("A", MeterClock.Floor.Ticks, values)).Batch.Values(0)[Quantities.ActivePowerKw.Index];

        Assert.Equal(value, (float)read);
    }

    private static byte[] Encode(string externalId, long ticks, double[] values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("measurements");
            StoredRowEncoder.Write(json, JsonEncodedText.Encode(externalId), ticks, values);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // As the table keeps it.
    private static long Bits(Quantity quantity, double value) =>
        double.IsNaN(value) ? -1
        : quantity.Kind == QuantityKind.Instantaneous ? BitConverter.SingleToInt32Bits((float)value)
        : BitConverter.DoubleToInt64Bits(value);

    private static double Value(Quantity quantity, Random random)
    {
        var value = random.Next(6) switch
        {
            0 => quantity.Minimum,
            1 => quantity.Maximum,
            2 => Math.Round(random.NextDouble() * quantity.Maximum, 3),
            3 => double.Epsilon * random.Next(1, 100),
            4 => BitConverter.Int32BitsToSingle(random.Next(0, 0x7F7F_FFFF)),
            _ => quantity.Minimum + (random.NextDouble() * (quantity.Maximum - quantity.Minimum)),
        };
        value = quantity.Kind == QuantityKind.Instantaneous ? (float)value : value;
        return value >= quantity.Minimum && value <= quantity.Maximum ? value : (quantity.Minimum + quantity.Maximum) / 2;
    }
}
