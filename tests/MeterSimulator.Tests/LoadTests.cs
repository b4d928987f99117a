using MeterSimulator.Loads;

namespace MeterSimulator.Tests;

public sealed class LoadTests
{
    [Fact]
    public void Noise_is_even_and_differs_by_key()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => Noise.Unit(Noise.Key(1, "a"), i)).ToList();
        Assert.All(values, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, values.Average(), 0.01);
        Assert.Equal(20_000, values.Distinct().Count());
        Assert.NotEqual(Noise.Unit(Noise.Key(1, "a"), 7), Noise.Unit(Noise.Key(1, "b"), 7));
        Assert.NotEqual(Noise.Unit(Noise.Key(1, "a"), 7), Noise.Unit(Noise.Key(2, "a"), 7));
    }

    [Fact]
    public void Smooth_noise_has_no_steps()
    {
        for (var i = 0; i < 5000; i++)
        {
            Assert.InRange(Math.Abs(Noise.Smooth(9, i + 1, 20) - Noise.Smooth(9, i, 20)), 0, 0.1 + 1e-12); // 2 within 20
        }
    }

    [Theory]
    [InlineData("Africa/Johannesburg", "2026-11-23T22:00:00Z", 0, DayOfWeek.Tuesday)]
    [InlineData("Africa/Johannesburg", "2026-11-23T21:59:00Z", 1439, DayOfWeek.Monday)]
    [InlineData("Europe/Berlin", "2026-10-25T00:59:00Z", 179, DayOfWeek.Sunday)] // 02:59, summer time
    [InlineData("Europe/Berlin", "2026-10-25T01:00:00Z", 120, DayOfWeek.Sunday)] // 02:00 again
    [InlineData("America/New_York", "2026-03-08T07:00:00Z", 180, DayOfWeek.Sunday)] // 03:00, there was no 02:00
    [InlineData("Asia/Kathmandu", "2026-11-23T00:00:00Z", 345, DayOfWeek.Monday)] // 5:45 ahead
    public void A_site_lives_by_its_own_clock(string zone, string time, int minuteOfDay, DayOfWeek weekday)
    {
        var site = new Surroundings(TimeZoneInfo.FindSystemTimeZoneById(zone), 1, 0, 0);
        var at = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 60;
        var minute = site.At(at);
        Assert.Equal((minuteOfDay, weekday), (minute.OfDay, minute.Weekday));
    }

    [Theory]
    [InlineData(-26.2, 28.0, "2026-12-21T10:08:00Z", 0.99, 1)] // Johannesburg, midsummer noon: nearly overhead
    [InlineData(-26.2, 28.0, "2026-06-21T10:08:00Z", 0.6, 0.7)] // midwinter noon: 40° high
    [InlineData(-26.2, 28.0, "2026-12-21T22:08:00Z", -1, -0.5)]
    [InlineData(52.5, 13.4, "2026-12-21T11:06:00Z", 0.2, 0.3)] // Berlin, midwinter noon: 14° high
    public void The_sun_stands_where_it_should(double latitude, double longitude, string time, double low, double high)
    {
        var site = new Surroundings(TimeZoneInfo.Utc, 1, latitude, longitude);
        var at = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 60;
        Assert.InRange(site.At(at).SunHeight, low, high);
    }

    [Fact]
    public void A_day_shape_runs_straight_between_its_corners_and_over_midnight()
    {
        var shape = new DayShape((6, 1), (12, 3), (18, 1));
        Assert.Equal(1, shape.At(360));
        Assert.Equal(2, shape.At(540));
        Assert.Equal(3, shape.At(720));
        Assert.Equal(1, shape.At(0));
        Assert.Equal(1, shape.At(1439));
    }
}
