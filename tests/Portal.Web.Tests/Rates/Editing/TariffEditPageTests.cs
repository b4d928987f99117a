using System.Net;
using System.Text.Json.Nodes;
using Bunit;
using Portal.Contracts.Rates;
using Portal.Web.Rates.Editing;

namespace Portal.Web.Tests.Rates.Editing;

public sealed class TariffEditPageTests : CustomerPageContext
{
    private const string File = """
        {"municipality":"Acme","name":"Time of use","clocks":[{"name":"Clock","versions":[{"from":"2024-01-01","bands":["peak","off-peak"],"otherwise":"off-peak","holidays":{"calendar":"south-africa"},
        "seasons":[{"name":"all","months":[1,2,3,4,5,6,7,8,9,10,11,12],"weekday":[{"from":"06:00","to":"08:00","band":"peak"}]}]}]}],
        "versions":[{"from":"2024-07-01","currency":"ZAR","vatPercent":15,"source":"By-law","clock":"Clock","components":[{"kind":"energy","name":"Energy","rates":[{"band":"peak","price":2.5},{"band":"off-peak","price":1.5}]},{"kind":"fixed","name":"Basic","per":"month","price":250}]}]}
        """;

    public TariffEditPageTests()
    {
        On("GET /api/rates/tariffs/7", new TariffDetail("7", "1", "Acme", "Time of use", [], []));
        On("GET /api/rates/tariffs/7/file", JsonNode.Parse(File));
        On("POST /api/rates/tariffs/import", new TariffImported("7", "Acme", "Time of use", 0, 1, 0));
    }

    [Fact]
    public void A_price_is_changed_and_everything_else_is_sent_as_it_was()
    {
        var page = Page();
        page.Find("input[name='versions[0].components[0].rates[0].price']").Change("2.7501");

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.EndsWith("/rates/7", Navigation.Uri));
        var expected = JsonNode.Parse(File)!;
        expected["versions"]![0]!["components"]![0]!["rates"]![0]!["price"] = 2.7501m;
        Assert.True(JsonNode.DeepEquals(expected, SentFile()), SentFile().ToJsonString());
    }

    [Fact]
    public void Every_fault_stands_beside_its_field_without_a_line_number_and_what_has_no_field_above_the_form()
    {
        On("POST /api/rates/tariffs/import", new
        {
            title = "The file has 3 faults.",
            errors = new Dictionary<string, string[]>
            {
                ["versions[0].components[1].price"] = ["Line 1: Must be a number."], ["clocks[0].versions[0].seasons[0].weekday[0].to"] = ["Line 1: Must be after 'from'."], ["versions[0].holidays"] = ["Line 1: No such calendar."],
            },
        }, HttpStatusCode.BadRequest);
        var page = Page();
        page.Find("input[name='versions[0].components[1].price']").Change("much");

        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal(["Must be after 'from'.", "Must be a number."], page.FindAll(".field-error").Select(error => error.TextContent)));
        Assert.Contains("versions[0].holidays: No such calendar.", page.Find(".form-errors").TextContent);
        Assert.Equal("much", SentFile()["versions"]![0]!["components"]![1]!["price"]!.GetValue<string>());
    }

    [Fact]
    public void The_week_is_painted_by_the_first_and_the_last_half_hour()
    {
        var page = Page();
        Assert.Equal(4, page.FindAll(".bar")[0].QuerySelectorAll("button.band-peak").Length);
        Assert.Contains("Choose a band", page.Find(".brushes + [role=status]").TextContent);

        page.FindAll(".bar")[1].QuerySelectorAll("button")[20].Click();
        page.FindAll(".bar")[1].QuerySelectorAll("button")[23].Click();
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.EndsWith("/rates/7", Navigation.Uri));
        Assert.Equal("""[{"from":"10:00","to":"12:00","band":"peak"}]""", SentFile()["clocks"]![0]!["versions"]![0]!["seasons"]![0]!["saturday"]!.ToJsonString());
    }

    [Fact]
    public void An_approved_version_is_not_changed_but_copied()
    {
        var approved = new TariffVersionItem("1", new DateOnly(2024, 7, 1), null, VersionStates.Approved, "ZAR", 15, "By-law", "Clock", [], DateTimeOffset.UnixEpoch, "somebody@example.com", null);
        On("GET /api/rates/tariffs/7", new TariffDetail("7", "1", "Acme", "Time of use", [approved], []));
        var page = Page();
        Assert.True(page.Find("fieldset.parts").HasAttribute("disabled"));

        Press(page, "New version from this one");

        Assert.False(page.Find("fieldset.parts").HasAttribute("disabled"));
        page.Find("input[name='versions[1].from']").Change("2025-07-01");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.EndsWith("/rates/7", Navigation.Uri));
        Assert.Equal(["2024-07-01", "2025-07-01"], ((JsonArray)SentFile()["versions"]!).Select(version => version!["from"]!.GetValue<string>()));
    }

    [Fact]
    public void A_new_tariff_begins_empty_and_gets_times_of_use_and_prices_for_them()
    {
        var page = Show<TariffEditPage>();
        page.Find("input[name=municipality]").Change("Acme");
        page.Find("input[name=name]").Change("New");
        Press(page, "Add times of use");
        Press(page, "+ energy");

        Assert.Equal(3, page.FindAll("input[name^='versions[0].components[0].rates']").Count);
        Press(page, "+ fixed");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.EndsWith("/rates/7", Navigation.Uri));
        Assert.Equal("New", SentFile()["versions"]![0]!["clock"]!.GetValue<string>());
    }

    private IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> Page() => Show<TariffEditPage>(("Id", "7"));

    private JsonNode SentFile() => JsonNode.Parse(Texts[^1])!;
}
