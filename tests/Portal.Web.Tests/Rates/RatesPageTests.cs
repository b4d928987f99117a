using System.Net;
using Bunit;
using Portal.Contracts.Rates;
using Portal.Contracts.Users;
using Portal.Web.Rates;

namespace Portal.Web.Tests.Rates;

public sealed class RatesPageTests : CustomerPageContext
{
    private static readonly DateOnly First = new(2025, 7, 1);

    public RatesPageTests()
    {
        Tariffs(new TariffItem("t", "m", "Cape Town", "Small power", 3, [new("v", First, null, VersionStates.Approved), new("w", First.AddYears(1), null, VersionStates.Draft)]));
        Shipped(new ShippedTariffItem("eskom", "Eskom", "Miniflex", First, "Tariff book, page 4", null), new ShippedTariffItem("there", "Cape Town", "Small power", First, "Web", "t"));
    }

    [Fact]
    public void A_tariff_shows_the_states_of_its_versions_and_how_many_sites_use_it()
    {
        var page = Show<RatesPage>();

        Assert.Equal(["approved", "draft"], page.FindAll("tbody")[0].QuerySelectorAll(".tag").Select(tag => tag.TextContent.Trim()));
        Assert.Contains("/rates/t", page.FindAll("tbody")[0].QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void A_shipped_tariff_that_was_added_is_not_offered_again()
    {
        var rows = Show<RatesPage>().FindAll("tbody")[1].QuerySelectorAll("tr");

        Assert.Contains("Miniflex", Assert.Single(rows).TextContent);
    }

    [Fact]
    public void Adding_a_shipped_tariff_opens_its_draft()
    {
        On("POST /api/rates/shipped/eskom/import", new { tariffId = "new", municipality = "Eskom", tariff = "Miniflex", added = 1, replaced = 0, unchanged = 0 });
        var page = Show<RatesPage>();

        Press(page, "Add as draft");

        page.WaitForAssertion(() => Assert.Equal("http://localhost/rates/new", Navigation.Uri));
    }

    [Fact]
    public void What_the_api_refuses_is_said_and_the_page_stays()
    {
        On("POST /api/rates/shipped/eskom/import", new { title = "A version of these days is approved already." }, HttpStatusCode.Conflict);
        var page = Show<RatesPage>();

        Press(page, "Add as draft");

        page.WaitForAssertion(() => Assert.Contains("A version of these days is approved already.", Words(page)));
        Assert.DoesNotContain("/rates/", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_tariff_the_page_says_how_to_begin()
    {
        Tariffs();

        var words = Words(Show<RatesPage>());

        Assert.Contains("No tariff yet. Import one as a file, or add one of those below.", words);
        Assert.Contains("Miniflex", words);
    }

    [Fact]
    public void While_tariffs_are_on_their_way_the_page_says_so_and_not_that_there_are_none()
    {
        ApiLater = _ => new TaskCompletionSource<HttpResponseMessage>().Task;

        var page = Show<RatesPage>();

        Assert.Equal("status", page.Find(".loading").GetAttribute("role"));
        Assert.DoesNotContain("No tariff yet", Words(page));
    }

    [Fact]
    public void An_outage_is_not_an_empty_list_and_can_be_tried_again()
    {
        On("GET /api/rates/tariffs", null, HttpStatusCode.ServiceUnavailable);
        var page = Show<RatesPage>();
        Assert.DoesNotContain("No tariff yet", Words(page));

        Tariffs();
        Press(page, "Try again");

        page.WaitForAssertion(() => Assert.Contains("No tariff yet", Words(page)));
    }

    [Fact]
    public void A_viewer_sees_tariffs_and_no_way_to_change_them()
    {
        SeenBy(Roles.Viewer);

        var page = Show<RatesPage>();

        Assert.Contains("Small power", Words(page));
        Assert.DoesNotContain("Add as draft", Words(page));
        Assert.Empty(page.FindAll("a[href='/rates/import']"));
    }

    private void Tariffs(params TariffItem[] tariffs) => On("GET /api/rates/tariffs", new { items = tariffs });

    private void Shipped(params ShippedTariffItem[] tariffs) => On("GET /api/rates/shipped", new { items = tariffs });
}
