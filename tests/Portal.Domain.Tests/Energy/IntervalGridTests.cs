using Portal.Domain.Energy;

namespace Portal.Domain.Tests.Energy;

public sealed class IntervalGridTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-03-29T12:00:00+02:00", 23)]
    [InlineData("2026-10-25T12:00:00+01:00", 25)]
    [InlineData("2026-11-23T12:00:00+01:00", 24)]
    public void A_day_has_as_many_hours_as_its_zone_gives_it(string noon, int hours)
    {
        var instant = DateTimeOffset.Parse(noon, System.Globalization.CultureInfo.InvariantCulture);
        var day = IntervalGrid.Edges(instant, instant, IntervalLength.Day, Berlin, 10)!;

        Assert.Equal(2, day.Count);
        Assert.Equal(TimeSpan.FromHours(hours), day[1] - day[0]);
        var hourly = IntervalGrid.Edges(day[0], day[1], IntervalLength.Hour, Berlin, 100)!;
        Assert.Equal(hours, hourly.Count - 1);
        Assert.Equal(day[1], hourly[^1]);
        var quarters = IntervalGrid.Edges(day[0], day[1], IntervalLength.QuarterHour, Berlin, 200)!;
        Assert.Equal(hours * 4, quarters.Count - 1);
    }

    [Theory]
    [InlineData("Asia/Kathmandu", 15)] // UTC+5:45
    [InlineData("Africa/Johannesburg", 0)]
    [InlineData("Australia/Adelaide", 30)]
    public void Hours_start_on_the_sites_clock_and_not_on_utcs(string zoneId, int minuteOfUtcHour)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var start = IntervalGrid.Floor(new DateTimeOffset(2026, 6, 1, 9, 50, 0, TimeSpan.Zero), IntervalLength.Hour, zone);

        Assert.Equal(0, start.Minute);
        Assert.Equal(minuteOfUtcHour, start.UtcDateTime.Minute);
    }

    [Fact]
    public void A_day_without_midnight_starts_where_the_clock_starts()
    {
        // Beirut's clock goes from 23:59:59 to 01:00:00 on 29 March 2026.
        var beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
        var day = IntervalGrid.Edges(new(2026, 3, 29, 9, 0, 0, TimeSpan.Zero), new(2026, 3, 29, 9, 0, 0, TimeSpan.Zero), IntervalLength.Day, beirut, 5)!;

        Assert.Equal(new DateTimeOffset(2026, 3, 28, 22, 0, 0, TimeSpan.Zero), day[0]);
        Assert.Equal(TimeSpan.FromHours(23), day[1] - day[0]);
    }

    [Theory]
    [InlineData("Australia/Lord_Howe")] // changes by half an hour
    [InlineData("Europe/Berlin")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Asia/Beirut")]
    public void Hours_and_days_cover_two_years_without_hole_or_overlap(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var from = new DateTimeOffset(2017, 6, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var length in Enum.GetValues<IntervalLength>().Where(l => l >= IntervalLength.QuarterHour))
        {
            var edges = IntervalGrid.Edges(from, from.AddYears(2), length, zone, 100_000)!;
            for (var i = 1; i < edges.Count; i++)
            {
                Assert.True(edges[i] > edges[i - 1]);
                Assert.Equal(edges[i], IntervalGrid.Floor(edges[i], length, zone));
                Assert.Equal(edges[i - 1], IntervalGrid.Floor(edges[i].AddTicks(-1), length, zone));
            }
        }
    }

    [Fact]
    public void More_intervals_than_the_cap_give_none()
    {
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Null(IntervalGrid.Edges(from, from.AddHours(25), IntervalLength.Hour, TimeZoneInfo.Utc, 24));
        Assert.Equal(25, IntervalGrid.Edges(from, from.AddHours(24), IntervalLength.Hour, TimeZoneInfo.Utc, 24)!.Count);
    }
}
