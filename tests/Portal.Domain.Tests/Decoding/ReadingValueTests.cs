using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Decoding;

public sealed class ReadingValueTests
{
    [Property(MaxTest = 5_000)]
    public void Every_decimal_is_read_as_the_nearest_double(int mantissa, byte digits, bool isLong)
    {
        var text = isLong ? $"{Math.Abs((long)mantissa)}{digits:000}.{Math.Abs((long)mantissa)}" : $"{mantissa}.{digits}";
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), Read(text));
    }

    [Theory]
    [InlineData("1.0005", "MWh", 1000.5)]
    [InlineData("1000500", "Wh", 1000.5)]
    [InlineData("0.0010005", "GWh", 1000.5)]
    [InlineData("1.0005e3", "kWh", 1000.5)]
    [InlineData("123456789.123", "Wh", 123456.789123)]
    [InlineData("-12345.678", "Wh", -12.345678)]
    public void A_value_is_the_same_whatever_unit_it_came_in(string text, string unit, double kwh) => Assert.Equal(kwh, Read(text, unit));

    [Fact]
    public void Allocations_do_not_grow_with_the_number_of_values()
    {
        var few = Post(valuesPerRow: 4);
        var many = Post(valuesPerRow: 60);

        // 56 more values in each of 1,000 rows; what may differ are the names remembered once.
        Assert.True(Least(many) - Least(few) < 20_000);
    }

    private static double Read(string text, string unit = "kWh")
    {
        var document = Encoding.UTF8.GetBytes(
            $$$"""{"timestamp":1764959040,"device":{"serial":"A","readings":[{"param":"EP_NET","value":"{{{text}}}","unit":"{{{unit}}}"}]}}"""
        );
        return AcuvimDecoder.Decode(document).Batch.Values(0)[Quantities.EnergyNetKwh.Index];
    }

    private static byte[] Post(int valuesPerRow)
    {
        var batch = new MeasurementBatch();
        for (var i = 0; i < 1_000; i++)
        {
            var row = batch.Add(new RowKey(batch.Device("A"), MeterClock.Floor.Ticks + (i * TimeSpan.TicksPerMinute), false, i), out _);
            foreach (var quantity in Quantities.All.Take(valuesPerRow))
            {
                batch.Fill(row, quantity, 0.123 + (i % 7 * 0.1));
            }
        }

        return NativeEncoder.Encode(batch, [.. Enumerable.Range(0, 1_000)]);
    }

    // A pool that was emptied by a collection meanwhile allocates again.
    private static long Least(byte[] post) => Enumerable.Range(0, 5).Min(_ => Allocated(post));

    private static long Allocated(byte[] post)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        NativeDecoder.Decode(post);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
