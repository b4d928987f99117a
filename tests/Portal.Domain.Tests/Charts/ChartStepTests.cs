using Portal.Domain.Charts;

namespace Portal.Domain.Tests.Charts;

public sealed class ChartStepTests
{
    [Theory]
    [InlineData(1.0 / 24, 1000, 5)]
    [InlineData(1, 1000, 120)]
    [InlineData(1, 1440, 60)]
    [InlineData(30, 1000, 3600)]
    [InlineData(366, 1000, 12 * 3600)]
    [InlineData(3660, 1000, 7 * 86400)]
    public void A_step_is_as_short_as_the_points_allow(double days, int points, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ChartStep.For(TimeSpan.FromDays(days), points));

    [Fact]
    public void It_is_never_shorter_than_asked_for() => Assert.Equal(TimeSpan.FromMinutes(10), ChartStep.For(TimeSpan.FromHours(1), 1000, TimeSpan.FromMinutes(10)));
}
