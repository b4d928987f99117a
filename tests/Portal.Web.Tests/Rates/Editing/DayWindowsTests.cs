using System.Text.Json.Nodes;
using Portal.Web.Rates.Editing;

namespace Portal.Web.Tests.Rates.Editing;

public sealed class DayWindowsTests
{
    [Theory]
    [InlineData("", 360, 480, "peak", "06:00-08:00 peak")]
    [InlineData("06:00-08:00 peak", 480, 540, "peak", "06:00-09:00 peak")]
    [InlineData("06:00-10:00 peak", 420, 480, "standard", "06:00-07:00 peak, 07:00-08:00 standard, 08:00-10:00 peak")]
    [InlineData("06:00-10:00 peak", 420, 480, null, "06:00-07:00 peak, 08:00-10:00 peak")]
    [InlineData("06:00-08:00 peak, 09:00-10:00 standard", 0, 1440, null, "")]
    [InlineData("06:15-06:45 peak", 390, 420, "standard", "06:15-06:30 peak, 06:30-07:00 standard")]
    [InlineData("", 1410, 1440, "peak", "23:30-24:00 peak")]
    public void A_painted_stretch_cuts_what_it_covers_and_joins_its_neighbours(string before, int from, int to, string? band, string after) =>
        Assert.Equal(after, Said(DayWindows.Paint(Windows(before), from, to, band)));

    [Fact]
    public void Outside_of_windows_a_day_has_no_band_of_its_own()
    {
        var windows = Windows("06:00-08:00 peak");
        Assert.Equal([null, "peak", "peak", null], new[] { 359, 360, 479, 480 }.Select(minute => DayWindows.BandAt(windows, minute)));
        Assert.Null(DayWindows.BandAt(null, 0));
        Assert.Null(DayWindows.BandAt([new JsonObject { ["from"] = "half past", ["to"] = 7, ["band"] = "peak" }], 400));
    }

    private static JsonArray Windows(string said) =>
        [.. said.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(' ', '-') is [var from, var to, var band] ? new JsonObject { ["from"] = from, ["to"] = to, ["band"] = band } : throw new ArgumentException(said))];

    private static string Said(JsonArray windows) => string.Join(", ", windows.Select(window => $"{window!["from"]}-{window["to"]} {window["band"]}"));
}
