namespace Grafana.Tests.Dashboards;

/// <summary>The tests' own expansion does what Grafana's documentation of the PostgreSQL data source says.</summary>
public sealed class MacroTests
{
    private static readonly TimeRange Range = new(
        new DateTimeOffset(2017, 4, 21, 5, 1, 17, TimeSpan.Zero), new DateTimeOffset(2017, 4, 21, 5, 6, 17, TimeSpan.Zero), TimeSpan.FromMinutes(2));

    [Theory]
    [InlineData("$__time(dateColumn)", "dateColumn AS \"time\"")]
    [InlineData("$__timeFilter(dateColumn)", "dateColumn BETWEEN '2017-04-21T05:01:17.000Z' AND '2017-04-21T05:06:17.000Z'")]
    [InlineData("$__timeFrom()", "'2017-04-21T05:01:17.000Z'")]
    [InlineData("$__timeTo()", "'2017-04-21T05:06:17.000Z'")]
    [InlineData("$__timeGroup(dateColumn,'5m')", "floor(extract(epoch from dateColumn)/300)*300")]
    [InlineData("$__timeGroupAlias(dateColumn, $__interval)", "floor(extract(epoch from dateColumn)/120)*120 AS \"time\"")]
    [InlineData("$__interval_ms", "120000")]
    [InlineData("date_trunc('day', $__timeTo()::timestamptz)", "date_trunc('day', '2017-04-21T05:06:17.000Z'::timestamptz)")]
    public void A_macro_becomes_SQL(string macro, string sql) => Assert.Equal(sql, Macros.Expand(macro, Range));

    [Fact]
    public void Values_of_variables_are_quoted_where_there_may_be_several()
    {
        var choice = new Choice();
        choice.Several("site", ["a", "b's"]);
        choice.One("customer", "O'Neill");
        choice.Custom("device", "SELECT 1");

        Assert.Equal("IN ('a','b''s') = 'O''Neill' IN (SELECT 1) $__interval", choice.Fill("IN ($site) = '$customer' IN (${device}) $__interval"));
    }
}
