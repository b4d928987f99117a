using MeterSimulator.Running;

namespace MeterSimulator.Tests;

public sealed class SpansTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    [InlineData("7d", 604_800)]
    [InlineData("1d12h", 129_600)]
    [InlineData("0.5h", 1800)]
    [InlineData("250ms", 0.25)]
    [InlineData("-90s", -90)]
    public void Durations_are_read_as_people_write_them(string text, double seconds) =>
        Assert.Equal(seconds, Spans.Parse(text)?.TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("1w")]
    [InlineData("1h 30m")]
    [InlineData("99999999d")]
    public void What_is_no_duration_is_not_guessed(string text) => Assert.Null(Spans.Parse(text));

    [Theory]
    [InlineData("7d", "7 d")]
    [InlineData("1d12h", "1 d 12 h")]
    [InlineData("-90s", "-1 min 30 s")]
    [InlineData("0s", "0 s")]
    public void Durations_are_said_in_words(string text, string words) => Assert.Equal(words, Spans.Text(Spans.Parse(text)!.Value));
}
