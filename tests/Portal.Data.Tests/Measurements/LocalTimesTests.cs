using System.Globalization;
using Portal.Data.Measurements;
using Portal.Domain.Measurements;
using Portal.TimeSeries.Writing;

namespace Portal.Data.Tests.Measurements;

/// <summary>A star marks a row that says it is the second of the two (<see cref="RowKey.IsRepeated"/>).</summary>
public sealed class LocalTimesTests
{
    [Theory]
    [InlineData("Africa/Johannesburg", "2026-07-01 12:00", "10:00")]
    [InlineData("America/New_York", "2026-07-01 12:00", "16:00")]
    [InlineData("America/New_York", "2026-01-01 12:00", "17:00")]
    [InlineData("Asia/Kathmandu", "2026-07-01 12:00", "06:15")]
    public void A_time_that_comes_once_is_read_by_the_sites_clock(string zone, string local, string utc) =>
        Assert.Equal([utc], Resolve(zone, local));

    [Fact]
    public void A_log_through_the_hour_that_comes_twice_runs_on_without_a_gap() =>
        Assert.Equal(
            ["05:30", "05:45", "06:00", "06:15", "06:30", "06:45", "07:00"],
            Resolve(
                "America/New_York",
                "2026-11-01 01:30",
                "2026-11-01 01:45",
                "2026-11-01 01:00", // stepped back: not seen before, and yet the second one
                "2026-11-01 01:15",
                "2026-11-01 01:30*",
                "2026-11-01 01:45*",
                "2026-11-01 02:00"
            )
        );

    [Fact]
    public void The_same_log_newest_first_gives_the_same_instants()
    {
        // Whoever reads it top down sees the second hour first, and marks the first one as repeated.
        string[] downwards =
        [
            "2026-11-01 02:00",
            "2026-11-01 01:45",
            "2026-11-01 01:30",
            "2026-11-01 01:15",
            "2026-11-01 01:00",
            "2026-11-01 01:45*",
            "2026-11-01 01:30*",
            "2026-11-01 00:45",
        ];

        Assert.Equal(["07:00", "06:45", "06:30", "06:15", "06:00", "05:45", "05:30", "04:45"], Resolve("America/New_York", downwards));
    }

    [Fact]
    public void Of_an_hour_that_comes_twice_the_first_is_meant_unless_the_row_says_otherwise() =>
        Assert.Equal(["05:30", "06:45"], Resolve("America/New_York", "2026-11-01 01:30", "2026-11-01 01:45*"));

    [Fact]
    public void A_row_that_says_it_comes_twice_at_a_time_that_comes_once_is_believed_in_its_time() =>
        Assert.Equal(["17:00"], Resolve("America/New_York", "2026-11-02 12:00*"));

    [Theory]
    [InlineData("America/New_York", "2026-03-08 02:30", "07:30")] // what the clock shows as 03:30
    [InlineData("America/New_York", "2026-03-08 01:59", "06:59")]
    [InlineData("America/New_York", "2026-03-08 03:00", "07:00")]
    [InlineData("Europe/Dublin", "2026-03-29 01:30", "01:30")] // its winter time counts as the exception
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15", "15:45")] // half an hour
    [InlineData("Pacific/Apia", "2011-12-30 12:00", "22:00")] // a whole day: Samoa crossed the date line
    public void A_time_that_the_clock_never_shows_is_moved_forward(string zone, string local, string utc) =>
        Assert.Equal([utc], Resolve(zone, local));

    [Fact]
    public void A_row_out_of_order_around_the_end_of_summer_time_is_not_moved() =>
        Assert.Equal(
            ["04:30", "08:00", "05:30"],
            Resolve("America/New_York", "2026-11-01 00:30", "2026-11-01 03:00", "2026-11-01 01:30")
        );

    [Theory]
    [InlineData(0)]
    [InlineData(3155378975999999990)] // the last microsecond of year 9999
    public void The_ends_of_the_calendar_do_not_throw(long ticks) =>
        Assert.Single(LocalTimes.Resolve(TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"), [new RowKey(0, ticks, true, 0)]));

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Berlin")]
    [InlineData("Africa/Casablanca")] // goes back for Ramadan
    [InlineData("America/Sao_Paulo")] // no summer time any more; it changed at midnight
    [InlineData("Asia/Tehran")]
    public void Every_quarter_hour_of_twenty_years_comes_back_from_the_clock_it_was_shown_on(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var start = new DateTimeOffset(2006, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var month = 0; month < 240; month++)
        {
            var instants = new List<long>();
            for (var t = start.AddMonths(month); t < start.AddMonths(month + 1).AddDays(2); t = t.AddMinutes(15))
            {
                instants.Add(t.UtcTicks);
            }

            var seen = new HashSet<long>();
            var keys = instants
                .Select(ticks => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), zone).DateTime.Ticks)
                .Select((local, i) => new RowKey(0, local, true, i, IsRepeated: !seen.Add(local)))
                .ToArray();

            Assert.Equal(instants, LocalTimes.Resolve(zone, keys));
        }
    }

    private static string[] Resolve(string zone, params string[] times)
    {
        var keys = times
            .Select((time, i) =>
                new RowKey(0, DateTime.Parse(time.TrimEnd('*'), CultureInfo.InvariantCulture).Ticks, true, i, time.EndsWith('*'))
            )
            .ToArray();
        return LocalTimes
            .Resolve(TimeZoneInfo.FindSystemTimeZoneById(zone), keys)
            .Select(ticks => new DateTime(ticks).ToString("HH:mm", CultureInfo.InvariantCulture))
            .ToArray();
    }
}
