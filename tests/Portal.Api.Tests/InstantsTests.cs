using System.Globalization;
using Portal.Api.Requests;

namespace Portal.Api.Tests;

public sealed class InstantsTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00Z")]
    [InlineData("2026-11-23T10:00:00 02:00", "2026-11-23T08:00:00Z")] // an unescaped plus sign
    [InlineData("2026-11-23T10:00:00-0330", "2026-11-23T13:30:00Z")]
    [InlineData("2026-11-23T10:00:00-03:30", "2026-11-23T13:30:00Z")]
    [InlineData("2026-11-23T10:00:00.25Z", "2026-11-23T10:00:00.25Z")]
    [InlineData("2026-11-23T10:00Z", "2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00", "2026-11-23T09:00:00Z")] // the site's clock
    [InlineData("2026-07-01", "2026-06-30T22:00:00Z")]
    [InlineData("2026-10-25T02:30:00", "2026-10-25T00:30:00Z")] // shown twice: the first time
    [InlineData("2026-03-29T02:30:00", null)] // never shown
    [InlineData("1795428000", "2026-11-23T10:00:00Z")]
    [InlineData("1795428000.5", "2026-11-23T10:00:00.5Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("-1", null)]
    [InlineData("1969-12-31T23:59:59Z", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("9999-12-31T23:59:59Z", null)]
    [InlineData("0001-01-01", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("yesterday", null)]
    [InlineData("23.11.2026", null)]
    [InlineData("", null)]
    public void Times_of_a_query_are_read_as_iso_8601_or_unix_seconds(string text, string? expected)
    {
        Assert.Equal(expected is not null, Instants.TryParse(text, Berlin, out var instant));
        if (expected is not null) Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), instant);
    }
}
