using System.Globalization;
using Fleet.Aggregator.Dashboard;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Aggregator.Tests.Dashboard;

public sealed class FleetDayTests
{
    [Theory]
    [InlineData("UTC", "2026-11-25T10:00:00Z", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("Africa/Johannesburg", "2026-11-25T22:00:00Z", "2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("Asia/Kolkata", "2026-11-25T10:00:00Z", "2026-11-24T18:00:00Z", "2026-11-25T18:00:00Z")] // from 23:30 of the day before
    [InlineData("Asia/Kolkata", "2026-11-25T18:29:00Z", "2026-11-24T18:00:00Z", "2026-11-25T18:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-11-25T10:00:00Z", "2026-11-24T18:00:00Z", "2026-11-25T18:00:00Z")]
    public void Today_is_the_zones_day_in_whole_hours(string zone, string now, string from, string to)
    {
        var day = new FleetDay(Options.Create(new FleetOptions { TimeZone = zone }), new FakeTimeProvider(At(now)));

        Assert.Equal((At(from), At(to)), day.Today());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("../etc/passwd")]
    public void A_zone_that_is_none_ends_the_start_and_names_the_setting(string zone)
    {
        var result = new FleetOptionsValidator().Validate(null, new FleetOptions { TimeZone = zone });

        Assert.Contains("Fleet__TimeZone", result.FailureMessage, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
