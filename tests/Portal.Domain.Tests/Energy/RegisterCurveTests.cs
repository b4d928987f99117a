using Portal.Domain.Energy;

namespace Portal.Domain.Tests.Energy;

public sealed class RegisterCurveTests
{
    private static readonly DateTimeOffset Ten = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Energy_is_the_difference_of_readings_at_the_edges()
    {
        var curve = Curve((0, 100), (15, 101.25), (30, 103));

        Assert.Equal(new EnergyInterval(Ten, 1.25, false), curve.Over(Ten, Ten.AddMinutes(15)));
        Assert.Equal(new EnergyInterval(Ten, 3, false), curve.Over(Ten, Ten.AddMinutes(30)));
    }

    [Fact]
    public void Intervals_inside_a_gap_are_interpolated_and_say_so()
    {
        var curve = Curve((0, 100), (120, 110));

        Assert.Equal(new EnergyInterval(Ten, 5, true), curve.Over(Ten, Ten.AddHours(1)));
        Assert.Equal(new EnergyInterval(Ten, 10, false), curve.Over(Ten, Ten.AddHours(2)));
    }

    [Fact]
    public void Readings_half_a_minute_off_the_edge_are_no_estimate_for_a_quarter_hour()
    {
        var curve = Curve((-0.5, 100), (0.5, 101), (14.5, 115), (15.5, 116));

        var interval = curve.Over(Ten, Ten.AddMinutes(15));

        Assert.False(interval.Estimated);
        Assert.Equal(15, interval.Value!.Value, 9);
    }

    [Fact]
    public void Nothing_is_known_before_the_first_and_after_the_last_reading()
    {
        var curve = Curve((0, 100), (15, 101));

        Assert.Null(curve.Over(Ten.AddHours(-1), Ten).Value);
        Assert.Null(curve.Over(Ten.AddMinutes(15), Ten.AddMinutes(30)).Value);
        Assert.Null(new RegisterCurve([]).Over(Ten, Ten.AddHours(1)).Value);
    }

    [Fact]
    public void The_known_part_of_an_interval_counts_as_an_estimate()
    {
        var curve = Curve((5, 100), (15, 101));

        Assert.Equal(new EnergyInterval(Ten, 1, true), curve.Over(Ten, Ten.AddMinutes(15)));
    }

    [Fact]
    public void A_reset_between_buckets_counts_what_was_used_since_and_is_an_estimate()
    {
        var curve = Curve((0, 100), (15, 101), (30, 0.5), (45, 1.5));

        Assert.Equal(new EnergyInterval(Ten.AddMinutes(15), 0.5, true), curve.Over(Ten.AddMinutes(15), Ten.AddMinutes(30)));
        Assert.Equal(new EnergyInterval(Ten, 2.5, true), curve.Over(Ten, Ten.AddMinutes(45)));
        Assert.False(curve.Over(Ten.AddMinutes(30), Ten.AddMinutes(45)).Estimated);
    }

    [Fact]
    public void A_swapped_meter_with_a_reading_of_its_own_invents_nothing()
    {
        var curve = new RegisterCurve([At(0, 50_000, power: 100), At(15, 40_000, power: 100), At(30, 40_020, power: 100)]);

        Assert.Equal(new EnergyInterval(Ten, 0, true), curve.Over(Ten, Ten.AddMinutes(15)));
        Assert.Equal(new EnergyInterval(Ten.AddMinutes(15), 20, false), curve.Over(Ten.AddMinutes(15), Ten.AddMinutes(30)));
    }

    [Fact]
    public void A_reset_inside_a_bucket_is_bridged_by_its_highest_and_lowest_reading()
    {
        var bucket = new RegisterBucket(Ten, 100, Ten.AddMinutes(14), 3, 0.5, 102, null);
        var curve = new RegisterCurve([bucket]);

        // 100 → 102, restart to 0.5, on to 3.
        Assert.Equal(new EnergyInterval(Ten, 2 + 0.5 + 2.5, true), curve.Over(Ten, Ten.AddMinutes(14)));
    }

    [Fact]
    public void Rounding_of_a_large_register_is_no_reset()
    {
        var curve = Curve((0, 45_678.90), (15, 45_678.89), (30, 45_680.90));

        var interval = curve.Over(Ten, Ten.AddMinutes(30));

        Assert.False(interval.Estimated);
        Assert.InRange(interval.Value!.Value, 2.0, 2.02);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(7 * 15)]
    public void Intervals_add_up_to_the_whole_whatever_their_length(int minutes)
    {
        var random = new Random(17);
        var reading = 1_000.0;
        var buckets = Enumerable.Range(0, 400).Where(_ => random.Next(5) > 0).Select(i => At(i * 15, reading += random.NextDouble() * 10)).ToList();
        var curve = new RegisterCurve(buckets);
        var edges = new List<DateTimeOffset> { Ten };
        while (edges[^1] < Ten.AddMinutes(400 * 15))
        {
            edges.Add(edges[^1].AddMinutes(minutes));
        }

        Assert.Equal(curve.Over(edges[0], edges[^1]).Value!.Value, curve.Intervals(edges).Sum(i => i.Value ?? 0), 6);
        Assert.Equal(buckets[^1].Last - buckets[0].First, curve.Intervals(edges).Sum(i => i.Value ?? 0), 6);
    }

    private static RegisterCurve Curve(params (double Minute, double Reading)[] readings) =>
        new(readings.Select(r => At(r.Minute, r.Reading)));

    private static RegisterBucket At(double minute, double reading, double? power = null) =>
        new(Ten.AddMinutes(minute), reading, Ten.AddMinutes(minute), reading, reading, reading, power);
}
