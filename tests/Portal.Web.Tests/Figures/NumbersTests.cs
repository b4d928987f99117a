using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Tests.Figures;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3599, "59 min")]
    [InlineData(3600 + 4 * 60, "1 h 04 min")]
    [InlineData(9 * 86400 + 5, "9 d")]
    public void Ages_show_what_matters_at_their_size(int seconds, string expected) => Assert.Equal(expected, Numbers.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(null, "—")]
    [InlineData(0.04, "0.0")]
    [InlineData(99.94, "99.9")]
    [InlineData(1234567.4, "1,234,567")]
    public void Energy_has_a_decimal_only_where_it_says_something(double? kilowattHours, string expected) =>
        Assert.Equal(expected, Numbers.Energy(kilowattHours));

    [Theory]
    [InlineData(null, "—")]
    [InlineData(-0.0048, "0.0 s")]
    [InlineData(0.24, "+0.2 s")]
    [InlineData(-240.0, "−4 min")]
    [InlineData(86400.0 * 3, "+3 d")]
    public void A_clock_that_is_off_has_a_sign(double? seconds, string expected) => Assert.Equal(expected, Numbers.Skew(seconds));

    [Theory]
    [InlineData(0, "Mon 23 Nov, 10:00")]
    [InlineData(90, "Mon 23 Nov, 10:00 – 11:30")]
    [InlineData(24 * 60, "Mon 23 Nov, 10:00 – Tue 24 Nov, 10:00")]
    public void A_stretch_says_nothing_twice(int minutes, string expected)
    {
        var from = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal(expected, SiteTime.Stretch(from, from.AddMinutes(minutes), TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData(299, "Fresh")]
    [InlineData(300, "Late")]
    [InlineData(3599, "Late")]
    [InlineData(3600, "Stale")]
    public void Freshness_changes_at_five_minutes_and_at_an_hour(int seconds, string word)
    {
        var now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal(word, Freshness.Of(now.AddSeconds(-seconds), now).Word);
    }
}
