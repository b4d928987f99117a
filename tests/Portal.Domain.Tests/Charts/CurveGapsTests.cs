using Portal.Domain.Charts;

namespace Portal.Domain.Tests.Charts;

public sealed class CurveGapsTests
{
    private const double Nan = CurveGaps.Gap;
    private const double On = CurveGaps.GoesOn;

    [Fact]
    public void A_pause_of_more_than_two_and_a_half_times_the_pace_breaks_the_line_by_a_row_of_its_own()
    {
        var (times, columns) = CurveGaps.Mark([0, 60, 120, 300, 360], [[1, 2, 3, 4, 5]], step: 0);

        Assert.Equal([0, 60, 120, 210, 300, 360], times);
        Assert.Equal([1, 2, 3, Nan, 4, 5], columns[0]);
    }

    [Fact]
    public void One_value_that_is_missing_is_no_gap()
    {
        var (times, columns) = CurveGaps.Mark([0, 60, 180, 240, 300], [[1, 2, 3, 4, 5]], step: 0);

        Assert.Equal([0, 60, 180, 240, 300], times);
        Assert.Equal([1, 2, 3, 4, 5], columns[0]);
    }

    [Fact]
    public void Loggers_of_one_meter_at_different_paces_break_nobodys_line()
    {
        var (times, columns) = CurveGaps.Mark([0, 60, 120, 180, 240, 300, 360], [[1, 2, 3, 4, 5, 6, 7], [10, null, null, 20, null, null, 30]], step: 0);

        Assert.Equal([0, 60, 120, 180, 240, 300, 360], times);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], columns[0]);
        Assert.Equal([10, On, On, 20, On, On, 30], columns[1]);
    }

    [Fact]
    public void A_gap_of_one_column_leaves_the_others_line_alone()
    {
        var (times, columns) = CurveGaps.Mark([0, 60, 120, 180, 240, 300], [[1, 2, 3, 4, 5, 6], [1, 2, null, null, 5, 6]], step: 0);

        Assert.Equal(6, times.Length);
        Assert.Equal([1, 2, Nan, Nan, 5, 6], columns[1]);
        Assert.Equal([1, 2, 3, 4, 5, 6], columns[0]);
    }

    [Fact]
    public void Where_a_column_begins_later_or_ends_earlier_there_is_nothing()
    {
        var (_, columns) = CurveGaps.Mark([0, 60, 120, 180, 240], [[null, 2, 3, 4, null]], step: 60);

        Assert.Equal([Nan, 2, 3, 4, Nan], columns[0]);
    }

    [Fact]
    public void Steps_in_which_a_slow_meter_did_not_post_are_no_gap()
    {
        var (times, columns) = CurveGaps.Mark([0, 900, 1800, 2700], [[1, 2, 3, 4]], step: 60);

        Assert.Equal(4, times.Length);
        Assert.Equal([1, 2, 3, 4], columns[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nothing_and_a_single_row_stay_what_they_are(int rows)
    {
        var (times, columns) = CurveGaps.Mark([.. Enumerable.Range(0, rows).Select(i => (double)i)], [[.. Enumerable.Repeat<double?>(7, rows)]], step: 0);

        Assert.Equal(rows, times.Length);
        Assert.Equal(Enumerable.Repeat(7.0, rows), columns[0]);
    }
}
