using System.Net;
using Bunit;
using Portal.Contracts.Rates;
using Portal.Contracts.Sites;
using Portal.Contracts.Users;
using Portal.Web.Rates;

namespace Portal.Web.Tests.Rates;

public sealed class CostsPageTests : CustomerPageContext
{
    private static readonly TimeSpan Johannesburg = TimeSpan.FromHours(2);
    private static readonly DateTimeOffset July = new(2025, 7, 1, 0, 0, 0, Johannesburg);

    public CostsPageTests()
    {
        Sites(new SiteItem("s", "Mill", "Africa/Johannesburg", 1, July));
        On("GET /api/rates/tariffs", new { items = new[] { new TariffItem("t", "m", "Cape Town", "Small power", 1, [new("v", new(2025, 7, 1), null, VersionStates.Approved)]) } });
        On("GET /api/rates/assignments", new { items = new[] { new AssignmentItem("a", "s", "t", "Cape Town", "Small power", new(2025, 7, 1), null) } });
        On("GET /api/rates/facts", new { items = Array.Empty<SiteFactsItem>() });
        On("GET /api/costs", Bill("ZAR", Line("peak", 100, 250.5m), Line("standard", 300, 300)));
        Year(Month(2025, 6, "ZAR", 40, 60), Month(2025, 7, "ZAR", 100, 80));
    }

    [Fact]
    public void A_months_bill_has_its_total_its_energy_and_what_a_unit_came_to()
    {
        var words = Words(Page());

        Assert.Contains("Mill · July 2025 · times in Johannesburg", words);
        Assert.Contains("633.08", words); // with VAT
        Assert.Contains("1.5827 ZAR per kWh with VAT and all charges", words);
        Assert.Contains("Tariffs of the site", words);
    }

    [Fact]
    public void Without_a_site_the_page_says_what_will_be_here()
    {
        Sites();

        var words = Words(Show<CostsPage>());

        Assert.Contains("Costs appear once a site with meters exists.", words);
        Assert.DoesNotContain("Total with VAT", words);
    }

    [Fact]
    public void Without_a_price_the_page_shows_no_money_and_where_to_get_one()
    {
        On("GET /api/costs", Bill(null));

        var page = Page();

        Assert.Contains("No price is known for this month", Words(page));
        Assert.Equal("/rates", page.Find("section.card a").GetAttribute("href"));
        Assert.DoesNotContain("Total with VAT", Words(page));
        Assert.Empty(page.FindComponents<CostYear>());
    }

    [Fact]
    public void While_the_bill_is_on_its_way_the_page_says_so_and_shows_no_figure()
    {
        ApiLater = _ => new TaskCompletionSource<HttpResponseMessage>().Task;

        var page = Page();

        Assert.Equal("status", page.Find(".loading").GetAttribute("role"));
        Assert.Empty(page.FindAll(".figure"));
    }

    [Fact]
    public void An_outage_is_not_a_month_that_cost_nothing_and_the_next_try_shows_the_bill()
    {
        On("GET /api/costs", null, HttpStatusCode.ServiceUnavailable);
        var page = Page();
        Assert.Empty(page.FindAll(".figure"));

        On("GET /api/costs", Bill("ZAR", Line("peak", 100, 250.5m)));
        Press(page, "Try again");

        page.WaitForAssertion(() => Assert.Contains("288.08", Words(page)));
    }

    [Fact]
    public void A_bill_that_stays_while_the_api_is_away_is_marked_as_old()
    {
        On("DELETE /api/rates/assignments/a", null, HttpStatusCode.NoContent);
        var page = Page();
        On("GET /api/costs", null, HttpStatusCode.ServiceUnavailable);
        Press(page, "Take away");

        page.WaitForElement(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Contains("Not renewed since 12:30:00 UTC.", Words(page)));
        Assert.Contains("633.08", Words(page));
    }

    [Fact]
    public void What_is_missing_is_said_above_the_lines()
    {
        On("GET /api/costs", Bill("ZAR", Line("peak", 100, 250.5m)) with
        {
            Complete = false,
            Missing = [new BillSpanItem(July, July.AddHours(5))],
            Uncovered = [new BillUncoveredItem(July.AddDays(20), July.AddDays(31), "no-version")],
            Notes = [BillNotes.ReactiveUnknown],
        });

        var words = Words(Page());

        Assert.Contains("not complete: the truth is more", words);
        Assert.Contains("No readings, so no cost: Tue 1 Jul, 00:00 – 05:00", words);
        Assert.Contains("The tariff has no approved version: Mon 21 Jul, 00:00 – Fri 1 Aug, 00:00", words);
        Assert.Contains("No reactive energy is known", words);
    }

    [Fact]
    public void Each_of_twelve_months_is_a_stack_of_its_bands_that_leads_to_its_bill_and_says_itself_in_words()
    {
        var months = Page().FindAll(".plot a");

        Assert.Equal(2, months.Count);
        Assert.Equal("/costs?site=s&month=2025-06", months[0].GetAttribute("href"));
        Assert.Equal("Jun 2025: ZAR 138.00 with VAT (peak 40.00, standard 60.00, other charges 20.00), complete", months[0].GetAttribute("aria-label"));
        Assert.Equal("true", months[1].GetAttribute("aria-current"));
        // The largest month fills the height: 100 + 80 + 20.
        Assert.Equal([("charges", "height:10%"), ("band-standard", "height:40%"), ("band-peak", "height:50%")], months[1].QuerySelectorAll(".stack span").Select(span => (span.ClassName!, span.GetAttribute("style")!)));
    }

    [Fact]
    public void A_month_without_a_price_has_no_bar_and_one_that_goes_on_is_so_far()
    {
        Year(Month(2025, 6, null, 0, 0), Month(2025, 7, "ZAR", 100, 80) with { To = July.AddDays(3) });

        var months = Page().FindAll(".plot a");

        Assert.Equal("Jun 2025: no price is known", months[0].GetAttribute("aria-label"));
        Assert.Empty(months[0].QuerySelectorAll(".stack span"));
        Assert.EndsWith(", so far", months[1].GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.NotNull(months[1].QuerySelector(".part"));
    }

    [Fact]
    public void The_bill_stays_where_the_twelve_months_fail()
    {
        On("GET /api/costs/months", null, HttpStatusCode.ServiceUnavailable);

        var page = Page();

        Assert.Contains("633.08", Words(page));
        Assert.Contains("The twelve months can't be shown at the moment.", Words(page));
    }

    [Fact]
    public void A_line_is_explained_by_its_rule_and_its_days_down_to_half_hours()
    {
        var line = Line("peak", 3, 250.5m);
        On("GET /api/costs/line", new BillLineAnswer(
            line, "Energy is the difference of the registers.", "Tariff book, page 4", "Eskom 2025", new(2025, 4, 1),
            [new(July.AddHours(6), July.AddHours(6.5), 1, [], false), new(July.AddHours(6.5), July.AddHours(7), 2, ["interpolated"], false)], []));
        var page = Page();
        Press(page, "Why?");
        page.WaitForAssertion(() => Assert.Contains("Energy is the difference of the registers.", Words(page)));
        Assert.Contains("Source: Tariff book, page 4. Clock: Eskom 2025, version from 1 Apr 2025.", Words(page));

        page.Find(".day-button").Click();

        Assert.Equal(["06:00–06:301 kWh", "06:30–07:002 kWhinterpolated"], page.FindAll(".intervals li").Select(row => row.TextContent.Trim()));
        Assert.Equal("true", page.Find(".day-button").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void A_viewer_reads_the_bill_and_changes_nothing()
    {
        SeenBy(Roles.Viewer);

        var buttons = Page().FindAll("button").Select(button => button.TextContent.Trim()).ToList();

        Assert.Contains("Why?", buttons);
        Assert.DoesNotContain("Assign a tariff", buttons);
        Assert.DoesNotContain("Take away", buttons);
    }

    private IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> Page()
    {
        Navigation.NavigateTo("/costs?month=2025-07");
        return Show<CostsPage>();
    }

    private void Sites(params SiteItem[] sites) => On("GET /api/sites", new { items = sites });

    private void Year(params CostMonthItem[] months) => On("GET /api/costs/months", new CostMonthsAnswer("s", "Africa/Johannesburg", months));

    private static CostMonthItem Month(int year, int month, string? currency, decimal peak, decimal standard)
    {
        var first = new DateTimeOffset(year, month, 1, 0, 0, 0, Johannesburg);
        CostBandItem[] bands = currency is null ? [] : [new("peak", peak, peak), new("standard", standard, standard)];
        var other = currency is null ? 0 : 20;
        return new CostMonthItem(new(year, month, 1), first, first.AddMonths(1), currency, bands, other, (peak + standard + other) * 1.15m, currency is not null, false);
    }

    private static BillAnswer Bill(string? currency, params BillLineItem[] lines)
    {
        var subtotal = lines.Sum(line => line.Amount ?? 0);
        return new BillAnswer(
            "s", "Africa/Johannesburg", July, July.AddMonths(1), currency, lines, subtotal, [new(15, subtotal, subtotal * 0.15m)],
            Math.Round(subtotal * 1.15m, 2, MidpointRounding.AwayFromZero), true, false, [], [], []);
    }

    private static BillLineItem Line(string band, decimal quantity, decimal amount) => new(
        band, "Cape Town Small power", "v", new(2025, 7, 1), "energy", "Active energy", July, July.AddMonths(1), "high", band, null, null,
        quantity, "kWh", amount / quantity, 1, amount, false, 0, 0);
}
