using FsCheck.Xunit;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

public sealed class NativeRoundTripTests
{
    private static readonly string[] Serials = ["AN12345", "a \"quoted\" \\ one", "Zähler-🔌", "<&'>", "x"];

    [Property(MaxTest = 1_000)]
    public void Rows_written_and_read_again_are_the_same(int seed)
    {
        var random = new Random(seed);
        var batch = RandomBatch(random);
        var rows = Enumerable.Range(0, batch.Count).Where(_ => random.Next(4) > 0).ToArray();

        var read = NativeDecoder.Decode(NativeEncoder.Encode(batch, rows));

        Assert.Empty(read.UnknownParameters);
        Assert.Equal(rows.Length, read.Batch.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = batch.Keys[rows[i]];
            var actual = read.Batch.Keys[i];
            Assert.Equal(
                (batch.ExternalIds[expected.Device], expected.Ticks, expected.IsLocal, expected.IsRepeated, i),
                (read.Batch.ExternalIds[actual.Device], actual.Ticks, actual.IsLocal, actual.IsRepeated, actual.Source)
            );
            Assert.Null(read.Batch.Refused(i));
            Assert.Equal(Bits(batch, rows[i]), Bits(read.Batch, i));
        }
    }

    [Fact]
    public void A_local_time_is_written_without_an_offset_and_the_second_hour_said()
    {
        var batch = new MeasurementBatch();
        var row = batch.Add(new RowKey(batch.Device("A"), new DateTime(2025, 11, 2, 1, 30, 0).Ticks, IsLocal: true, 0, IsRepeated: true), out _);
        batch.Fill(row, Quantities.LoadType, 'L');

        Assert.Equal(
            """{"measurements":[{"externalId":"A","localTime":"2025-11-02T01:30:00.000000","localTimeRepeated":true,"loadType":"L"}]}"""u8,
            NativeEncoder.Encode(batch, [row])
        );
    }

    private static long[] Bits(MeasurementBatch batch, int row) => [.. batch.Values(row).ToArray().Select(BitConverter.DoubleToInt64Bits)];

    private static MeasurementBatch RandomBatch(Random random)
    {
        var batch = new MeasurementBatch();
        for (var i = random.Next(20); i > 0; i--)
        {
            var isLocal = random.Next(3) == 0;
            var ticks = MeterClock.Floor.Ticks + (random.NextInt64(0, 50L * 365 * 24 * 3600 * 1_000_000) * TimeSpan.TicksPerMicrosecond);
            var key = new RowKey(batch.Device(Serials[random.Next(Serials.Length)]), ticks, isLocal, i, isLocal && random.Next(2) == 0);
            var row = batch.Add(key, out _);
            do
            {
                var quantity = Quantities.All[random.Next(Quantities.Count)];
                batch.Fill(row, quantity, Value(quantity, random));
            } while (random.Next(5) > 0);
        }

        return batch;
    }

    private static double Value(Quantity quantity, Random random) =>
        quantity.Kind == QuantityKind.LoadType ? "LCR"[random.Next(3)]
        : random.Next(6) switch
        {
            0 => quantity.Minimum,
            1 => quantity.Maximum,
            2 => Math.Round(random.NextDouble() * quantity.Maximum, 3),
            3 => double.Epsilon * random.Next(1, 100),
            4 => 0,
            _ => quantity.Minimum + (random.NextDouble() * (quantity.Maximum - quantity.Minimum)),
        };
}
