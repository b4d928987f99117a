using Portal.Web.Rates;

namespace Portal.Web.Tests.Rates;

public sealed class BillMonthTests
{
    private static readonly TimeZoneInfo Johannesburg = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
    private static readonly DateTimeOffset Now = new(2026, 6, 30, 22, 20, 0, TimeSpan.Zero); // 00:20 on 1 July at the site

    [Theory]
    [InlineData(null, "2026-07")]
    [InlineData("2025-02", "2025-02")]
    [InlineData("2025-13", "2026-07")]
    [InlineData("../x", "2026-07")]
    public void The_month_is_the_addresss_or_the_one_that_it_is_at_the_site(string? text, string month) =>
        Assert.Equal(month, BillMonth.Read(text, Now, Johannesburg).Name);

    [Theory]
    [InlineData("2026-07", "siteId=a%26b&from=2026-07-01&to=2026-07-01T00:15")] // as far as it has come, to the quarter of an hour
    [InlineData("2026-06", "siteId=a%26b&from=2026-06-01&to=2026-07-01T00:00")]
    [InlineData("2026-08", "siteId=a%26b&from=2026-08-01&to=2026-09-01T00:00")]
    public void A_bill_is_asked_for_whole_months_and_for_what_has_passed_of_this_one(string month, string query) =>
        Assert.Equal(query, BillMonth.Read(month, Now, Johannesburg).Query("a&b", Now, Johannesburg));

    [Fact]
    public void Money_keeps_its_digits_and_the_unknown_is_a_dash()
    {
        Assert.Equal(("1,234.57", "−0.50", "—"), (Money.Amount(1234.567m), Money.Amount(-0.5m), Money.Amount(null)));
        Assert.Equal(("2.405", "6.10", "0.000123"), (Money.Price(2.4050m), Money.Price(6.1m), Money.Price(0.000123m)));
        Assert.Equal(("350 – 500 kWh", "> 500 kWh", null), (Money.Block(350, 500), Money.Block(500, null), Money.Block(null, null)));
    }
}
