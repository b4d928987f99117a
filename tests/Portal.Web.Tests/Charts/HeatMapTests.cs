using Bunit;
using Portal.Contracts.Energy;
using Portal.Web.Charts;

namespace Portal.Web.Tests.Charts;

public sealed class HeatMapTests : PageContext
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Missing_hours_are_drawn_as_missing_and_estimates_as_estimates()
    {
        var map = Render<HeatMap>(map => map.Add(m => m.Label, "Energy").Add(m => m.Cells,
        [
            new HeatCell(new DateOnly(2026, 11, 12), 10, 40, false),
            new HeatCell(new DateOnly(2026, 11, 12), 11, null, false),
            new HeatCell(new DateOnly(2026, 11, 12), 12, 80, true),
        ]));

        Assert.Equal(["", "missing", "estimated"], map.FindAll("rect").Select(cell => cell.ClassName ?? ""));
        Assert.Equal(["Thu 12 Nov, 10:00: 40.0 kWh", "Thu 12 Nov, 11:00: no data", "Thu 12 Nov, 12:00: 80.0 kWh (estimated)"], map.FindAll("title").Select(title => title.TextContent));
        Assert.Equal("Energy: lowest hour 40.0 kWh, highest 80.0 kWh; 1 of 3 hours without data.", map.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void The_hour_that_the_clock_repeats_is_one_cell()
    {
        // 25 October 2026: 02:00 comes twice in Berlin.
        var midnight = new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.FromHours(2));

        var cells = HeatCell.Of(Enumerable.Range(0, 25).Select(hour => new EnergyIntervalItem(midnight.AddHours(hour), hour == 2 ? 4 : 2, 0, false)), Berlin);

        Assert.Equal(24, cells.Count);
        Assert.Equal(3, cells.Single(cell => cell.Hour == 2).Value);
    }
}
