using Bunit;
using Portal.Web.Fleet;

namespace Portal.Web.Tests.Fleet;

public sealed class ArrivalSpreadTests : PageContext
{
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_live_push_lies_on_the_line_and_a_replayed_one_hangs_below_it()
    {
        var spread = new ArrivalSpread(
        [
            Customers.Push(3, TimeSpan.Zero, Live, Live),
            Customers.Push(2, TimeSpan.FromMinutes(5), TimeSpan.FromHours(10), TimeSpan.FromHours(2)),
            Customers.Push(1, TimeSpan.FromMinutes(10), Live, Live),
        ]);

        Assert.Equal([false, true, false], spread.Marks.Select(mark => mark.IsReplay));
        Assert.Equal([0, 50, 100], spread.Marks.Select(mark => mark.Across));
        Assert.InRange(spread.Marks[2].Bottom, 0, 0.1);
        Assert.Equal(100, spread.Marks[1].Bottom);
        Assert.InRange(spread.Marks[1].Top, 15, 25);
        Assert.All(spread.Marks, mark => Assert.True(mark.Top <= mark.Bottom));
        Assert.InRange(spread.Down(spread.From), 1, 3);
    }

    [Fact]
    public void A_wave_is_told_in_a_sentence_with_its_rows_and_none_lost()
    {
        var chart = Chart(Customers.Push(1, TimeSpan.FromMinutes(3), TimeSpan.FromHours(10), TimeSpan.FromHours(5)), Customers.Push(2, TimeSpan.FromMinutes(1), TimeSpan.FromHours(5), TimeSpan.FromHours(2)));

        Assert.Equal("Replay wave: 10,000 rows measured Mon 23 Nov, 02:27 – 10:29 arrived within 2 min, none rejected.", chart.Find("figcaption").TextContent);
        Assert.Equal(2, chart.FindAll(".mark.replay").Count);
        Assert.Equal(chart.Find("figcaption").TextContent, chart.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void Without_a_wave_it_says_how_long_rows_were_underway() =>
        Assert.Equal("All live: no row was underway for longer than 10 min.", Chart(Customers.Push(1, TimeSpan.Zero, TimeSpan.FromMinutes(10), Live)).Find("figcaption").TextContent);

    [Fact]
    public void A_single_push_and_one_from_a_clock_that_is_ahead_can_be_drawn()
    {
        var spread = new ArrivalSpread([Customers.Push(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(-3))]);

        Assert.Equal((100, 0), (spread.Marks[0].Across, spread.Marks[0].Top));
        Assert.InRange(spread.Marks[0].Bottom, 50, 100);
    }

    [Fact]
    public void Pushes_without_rows_are_not_drawn() =>
        Assert.Empty(new ArrivalSpread([Customers.Push(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, rows: 0, status: 401)]).Marks);

    private IRenderedComponent<SpreadChart> Chart(params Contracts.Fleet.IngestEventView[] pushes) =>
        Render<SpreadChart>(chart => chart.Add(c => c.Spread, new ArrivalSpread(pushes)).Add(c => c.Zone, TimeZoneInfo.Utc));
}
