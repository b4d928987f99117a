using Portal.Domain.Tariffs;

namespace Portal.Domain.Tests.Tariffs;

public sealed class HolidayTests
{
    [Theory]
    [InlineData(1961, "04-02")]
    [InlineData(2000, "04-23")]
    [InlineData(2008, "03-23")]
    [InlineData(2019, "04-21")]
    [InlineData(2024, "03-31")]
    [InlineData(2025, "04-20")]
    [InlineData(2026, "04-05")]
    [InlineData(2038, "04-25")]
    public void Easter_falls_where_the_almanac_has_it(int year, string date) =>
        Assert.Equal($"{year}-{date}", HolidayCalendars.Easter(year).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void South_africa_has_these_holidays_in_2022_and_2023()
    {
        // As gov.za listed them; 27 December 2022 was proclaimed and is no holiday of the act.
        string[] expected =
        [
            "2022-01-01", "2022-03-21", "2022-04-15", "2022-04-18", "2022-04-27", "2022-05-01", "2022-05-02", "2022-06-16", "2022-08-09",
            "2022-09-24", "2022-12-16", "2022-12-25", "2022-12-26", "2023-01-01", "2023-01-02", "2023-03-21", "2023-04-07", "2023-04-10",
            "2023-04-27", "2023-05-01", "2023-06-16", "2023-08-09", "2023-09-24", "2023-09-25", "2023-12-16", "2023-12-25", "2023-12-26",
        ];

        var found = Enumerable.Range(0, 730)
            .Select(day => new DateOnly(2022, 1, 1).AddDays(day))
            .Where(date => SouthAfricanHolidays.On(date) is not null)
            .Select(date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Every_name_that_a_day_can_have_is_in_the_list()
    {
        var found = Enumerable.Range(0, 4_000).Select(day => SouthAfricanHolidays.On(new DateOnly(2020, 1, 1).AddDays(day))).OfType<string>().Distinct().Order();

        Assert.Equal(SouthAfricanHolidays.Names.Order(), found);
    }
}
