using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Fleet;
using Portal.Web.Fleet;

namespace Portal.Web.Tests.Fleet;

public sealed class DashboardTests : PageContext
{
    [Fact]
    public void The_fleet_in_four_figures_is_rounded_for_people_and_has_units()
    {
        var page = Page(Customers.Line(1, "ABC0001"), Customers.Line(2, "XYZ0002", active: false));

        Assert.Equal(["2", "1", "8,240", "24,371kWh"], page.FindAll(".figure .value").Select(value => value.TextContent));
        Assert.DoesNotContain("0000", page.Find("td:nth-child(6)").TextContent);
        Assert.Contains("times of Johannesburg", page.Find(".page-head").TextContent);
        Assert.Contains("live, newest reading 24 s ago", page.Find(".live").TextContent);
    }

    [Fact]
    public void The_worst_comes_first_and_what_is_disabled_last()
    {
        var page = Page(
            Customers.Line(1, "AAA", active: false, lagSeconds: null), Customers.Line(2, "BBB"), Customers.Line(3, "CCC", lagSeconds: 18 * 60), Customers.Line(4, "DDD", silent: 2),
            Customers.Line(5, "EEE", lagSeconds: 3 * 3600 + 120), Customers.Line(6, "FFF", lagSeconds: null));

        Assert.Equal(["EEE", "CCC", "DDD", "FFF", "BBB", "AAA"], Codes(page));
        Assert.Equal(["stale · 3 h 02 min", "late · 18 min", "fresh · 24 s", "never", "fresh · 24 s", "disabled"], page.FindAll("tbody tr").Select(row => row.QuerySelector(".tag")!.TextContent));
    }

    [Theory]
    [InlineData("/?show=look", "CCC DDD EEE FFF GGG")]
    [InlineData("/?show=stale", "CCC")]
    [InlineData("/?show=disabled", "AAA")]
    [InlineData("/?q=name+of+b", "BBB")]
    [InlineData("/?show=fresh&q=ddd", "DDD")]
    public void What_is_shown_stands_in_the_address(string address, string codes)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        var page = Page(
            Customers.Line(1, "AAA", active: false, silent: 4), Customers.Line(2, "BBB"), Customers.Line(3, "CCC", lagSeconds: 9000), Customers.Line(4, "DDD", silent: 2),
            Customers.Line(5, "EEE", open: 412), Customers.Line(6, "FFF", skew: -240), Customers.Line(7, "GGG", backupAge: TimeSpan.FromDays(9)));

        Assert.Equal(codes.Split(' '), Codes(page));
    }

    [Fact]
    public void What_is_not_as_it_should_be_says_so_in_words_and_what_is_unknown_is_no_zero()
    {
        var page = Page(Customers.Line(1, "AAA", silent: 2, open: 412, skew: -240, backupAge: TimeSpan.FromDays(9)), Customers.Line(2, "BBB", open: null, skew: null));

        Assert.Equal(["fresh · 24 s", "2 silent", "412 open", "−4 min", "9 d"], page.FindAll("tbody tr:nth-child(1) .tag").Select(tag => tag.TextContent));
        Assert.Equal("not compared yet", page.FindAll("tbody tr:nth-child(2) .tag")[1].TextContent);
        Assert.Equal("—", page.Find("tbody tr:nth-child(2) td[data-label=Clock]").TextContent.Trim());
        Assert.Equal("2.4.1", page.Find("td[data-label=Version]").TextContent.Trim());
    }

    [Fact]
    public void A_filter_that_nothing_matches_is_no_empty_fleet()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/?q=nobody");

        var page = Page(Customers.Line(1, "ABC0001"));

        Assert.Contains("No customer matches.", page.Markup);
        Assert.DoesNotContain("No customers yet", page.Markup);
    }

    [Fact]
    public void Without_customers_it_says_how_to_begin()
    {
        var page = Page();

        Assert.Contains("No customers yet", page.Markup);
        Assert.Equal("/admin/customers", page.Find(".card a").GetAttribute("href"));
    }

    [Fact]
    public void An_aggregator_that_fails_shows_the_failed_state_and_one_that_fails_later_the_last_figures_as_old()
    {
        Assert.Contains("The fleet can't be shown at the moment.", Render<Dashboard>().Find("[role=alert]").TextContent);

        var page = Page(Customers.Line(1, "ABC0001"));
        Api = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        Clock.Advance(TimeSpan.FromSeconds(11));

        page.WaitForAssertion(() => Assert.Contains("Not renewed since 12:30:00 UTC.", page.Markup));
        Assert.Equal(["ABC0001"], Codes(page));
    }

    [Fact]
    public void Somebody_who_may_not_see_the_fleet_is_told_so()
    {
        Api = _ => new HttpResponseMessage(HttpStatusCode.Forbidden);

        Assert.Contains("Your role doesn't allow this.", Render<Dashboard>().Markup);
    }

    private IRenderedComponent<Dashboard> Page(params DashboardCustomer[] customers)
    {
        Api = _ => Customers.Json(Customers.Fleet(customers));
        return Render<Dashboard>();
    }

    private static IEnumerable<string> Codes(IRenderedComponent<Dashboard> page) => page.FindAll("td.heads b").Select(code => code.TextContent);
}
