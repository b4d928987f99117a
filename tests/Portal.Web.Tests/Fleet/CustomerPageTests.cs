using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Fleet;
using Portal.Web.Fleet;

namespace Portal.Web.Tests.Fleet;

public sealed class CustomerPageTests : PageContext
{
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(5);

    private CustomerLedger? ledger;

    [Fact]
    public void It_begins_with_how_the_customer_stands_and_its_recent_pushes()
    {
        var page = Page("", Customers.Push(2, TimeSpan.FromMinutes(1), Live, Live, rejected: 3), Customers.Push(1, TimeSpan.FromMinutes(9), Live, Live, rows: 0, status: 401, error: "The token was retired on 22 November."));

        Assert.Equal("ABC0001 · Name of ABC0001", page.Find("h1").TextContent);
        Assert.Contains("77.0 GB", Facts(page));
        Assert.Contains("12,185 kWh", Facts(page));
        Assert.Contains("push protocol 2", Facts(page));
        Assert.Equal(["stored in part", "3", "refused, 401"], page.FindAll("tbody .tag").Select(tag => tag.TextContent));
        Assert.Contains("The token was retired on 22 November.", page.Markup);
        Assert.Contains("5,000 rows", page.Find("td[data-label='Batch size']").TextContent);
    }

    [Fact]
    public void Rejected_rows_say_why()
    {
        var push = Customers.Push(2, TimeSpan.FromMinutes(1), Live, Live, rejected: 3) with { Rejections = [new("unknown-device", 2, ["AN7", "AN8"]), new("future-time", 1, [])] };

        Assert.Contains("unknown-device: AN7, AN8; future-time", Page("", push).Find("td[data-label='Outcome']").TextContent);
    }

    [Theory]
    [InlineData("measurements", "156.2 kW")]
    [InlineData("sites", "Africa/Johannesburg")]
    [InlineData("devices", "stale · 3 h 00 min")]
    [InlineData("devices", "Main meter")]
    [InlineData("silences", "AN1, AN3 and 5 more")]
    public void Each_tab_has_its_own_address(string tab, string holds) => Assert.Contains(holds, Spaced(Page($"?tab={tab}").Find("table.data").TextContent));

    [Fact]
    public void Devices_are_filtered_by_name_and_by_silence()
    {
        var page = Page("?tab=devices&show=silent");

        Assert.Equal(["Incomer"], page.FindAll("td.heads b").Select(name => name.TextContent));
        Assert.Contains("No device matches.", Page("?tab=devices&q=nothing").Markup);
    }

    [Fact]
    public void A_ledger_that_is_not_kept_proves_nothing() => Assert.Contains("This fleet keeps no delivery ledger yet.", Page("?tab=ledger").Find(".notice").TextContent);

    [Fact]
    public void A_ledger_that_never_was_compared_proves_nothing()
    {
        ledger = new(0, 0, null, 0, null, [new(new DateOnly(2026, 11, 23), Today: true, 0, 0, 9, 4120)]);

        var page = Page("?tab=ledger");

        Assert.Contains("Nothing has been compared yet.", page.Find(".notice").TextContent);
        Assert.DoesNotContain("0 rows missing", page.Markup);
        Assert.Equal("today, still open", page.Find("tbody .tag").TextContent);
    }

    [Fact]
    public void A_ledger_without_a_closed_day_proves_nothing()
    {
        ledger = new(0, 0, null, 0, Customers.Now.AddMinutes(-1), [new(new DateOnly(2026, 11, 23), Today: true, 0, 0, 8, 7712)]);

        Assert.Contains("No closed day has been compared yet.", Page("?tab=ledger").Find(".notice").TextContent);
    }

    [Theory]
    [InlineData(0, null, "0 rows missing. Both sides hold the same 412,080 rows of 3,904 device-days.")]
    [InlineData(0, "2026-11-20", "0 rows missing in what was compared. 412,080 rows are proven. Days from Fri 20 Nov 2026 on")]
    [InlineData(12, "2026-11-20", "12 device-days differ.")]
    public void The_ledger_says_no_more_than_was_compared(int open, string? oldest, string verdict)
    {
        ledger = new(3904, open, oldest is null ? null : DateOnly.Parse(oldest), 412_080, Customers.Now.AddMinutes(-20), [new(new DateOnly(2026, 11, 22), Today: false, 9, open, 0, 12_960)]);

        var page = Page("?tab=ledger");

        Assert.Contains(verdict, Spaced(page.Find(".notice").TextContent));
        Assert.Equal(open > 0 ? "differs" : "proven", page.Find("tbody .tag").TextContent);
    }

    [Fact]
    public void A_customer_that_is_gone_or_an_aggregator_that_is_away_is_said_and_not_shown_empty()
    {
        Api = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
        Assert.Contains("This doesn't exist, or no longer.", Render<CustomerPage>(page => page.Add(p => p.Id, 9)).Markup);

        Api = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        var away = Render<CustomerPage>(page => page.Add(p => p.Id, 9));
        Assert.Contains("This customer can't be shown at the moment.", away.Markup);
        Assert.Empty(away.FindAll("table"));
    }

    private IRenderedComponent<CustomerPage> Page(string query, params IngestEventView[] pushes)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/customers/1{query}");
        Api = request => request.RequestUri!.AbsolutePath switch
        {
            "/api/fleet/customers/1/sites" => Customers.PageOf([.. Customers.Detail(Customers.Line(1, "ABC0001")).Sites]),
            "/api/fleet/customers/1/devices" => Customers.PageOf([.. Customers.Detail(Customers.Line(1, "ABC0001")).Devices]),
            "/api/fleet/customers/1" => Customers.Json(Customers.View(1, "ABC0001")),
            "/api/fleet/customers/1/detail" => Customers.Json(Customers.Detail(Customers.Line(1, "ABC0001"), pushes)),
            _ => ledger is null ? new HttpResponseMessage(HttpStatusCode.NotFound) : Customers.Json(ledger),
        };
        return Render<CustomerPage>(page => page.Add(p => p.Id, 1));
    }

    private static string Facts(IRenderedComponent<CustomerPage> page) => Spaced(page.Find(".facts").TextContent);

    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
