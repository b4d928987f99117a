using System.Net;
using System.Net.Http.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Contracts.Fleet;
using Portal.Web.Fleet;
using Portal.Web.States;

namespace Portal.Web.Tests.Fleet;

public sealed class CustomersPageTests : PageContext
{
    private readonly List<(HttpMethod Method, string Path, string Body)> asked = [];

    [Fact]
    public void A_row_opens_the_customer_and_its_buttons_do_not()
    {
        var (page, dialogs) = Page();

        Button(page, "Disable").Click();
        dialogs.WaitForElement(".mud-dialog");
        Assert.Equal("http://localhost/", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Equal("/admin/customers/1", page.Find("td.heads a").GetAttribute("href"));
    }

    [Fact]
    public void A_token_is_shown_once_with_lines_to_paste_and_forgotten_when_it_is_stored()
    {
        var (page, dialogs) = Page();
        Answer(HttpMethod.Post, HttpStatusCode.Created, new CustomerToken(2, "NEW0001", "New", true, "pft_secret"));

        Button(page, "Register customer").Click();
        dialogs.WaitForElement("input[name=code]").Change("new0001");
        dialogs.Find("input[name=name]").Change("New");
        dialogs.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Equal("pft_secret", page.Find(".secret code").TextContent));
        Assert.Equal("FleetIngest__Enabled=true\nFleetIngest__Url=http://localhost/api/fleet/ingest\nFleetIngest__Token=pft_secret", page.Find(".lines pre").TextContent);
        Button(page, "I have stored it").Click();
        Assert.DoesNotContain("pft_secret", page.Markup);
    }

    [Fact]
    public void A_code_that_is_taken_is_said_beside_the_code()
    {
        var (page, dialogs) = Page();
        Answer(HttpMethod.Post, HttpStatusCode.Conflict, new { title = "The customer code is taken.", errors = new { code = new[] { "Another customer has the code ABC0001 already." } } });

        Button(page, "Register customer").Click();
        dialogs.WaitForElement("form").Submit();

        dialogs.WaitForAssertion(() => Assert.Equal("Another customer has the code ABC0001 already.", dialogs.Find("input[name=code] ~ .field-error").TextContent));
        Assert.Empty(page.FindAll(".secret"));
    }

    [Fact]
    public void Disabling_keeps_code_and_name_and_asks_first()
    {
        var (page, dialogs) = Page();

        Button(page, "Disable").Click();
        Assert.Contains("Its pushes are refused at once.", dialogs.WaitForElement(".mud-dialog").TextContent);
        Assert.DoesNotContain(asked, request => request.Method == HttpMethod.Put);
        dialogs.Find(".mud-dialog .danger").Click();

        page.WaitForAssertion(() => Assert.Contains((HttpMethod.Put, "/api/fleet/customers/1", """{"code":"ABC0001","name":"Name of ABC0001","active":false}"""), asked));
    }

    [Fact]
    public void Editing_switches_it_off_too()
    {
        var (page, dialogs) = Page();

        Button(page, "Edit").Click();
        var active = dialogs.WaitForElement("input[name=active]");
        Assert.True(active.HasAttribute("checked"));
        active.Change(false);
        dialogs.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains((HttpMethod.Put, "/api/fleet/customers/1", """{"code":"ABC0001","name":"Name of ABC0001","active":false}"""), asked));
    }

    [Fact]
    public void Deleting_takes_the_code_typed()
    {
        var (page, dialogs) = Page();

        Button(page, "Delete").Click();
        dialogs.WaitForElement("#confirm-word").Input("abc");
        Assert.True(dialogs.Find(".mud-dialog .danger").HasAttribute("disabled"));
        dialogs.Find("#confirm-word").Input("ABC0001");
        dialogs.Find(".mud-dialog .danger").Click();

        page.WaitForAssertion(() => Assert.Contains(asked, request => request.Method == HttpMethod.Delete && request.Path == "/api/fleet/customers/1"));
    }

    [Fact]
    public void A_rotation_that_fails_says_so_and_shows_no_token()
    {
        var (page, dialogs) = Page();
        Answer(HttpMethod.Post, HttpStatusCode.ServiceUnavailable, new { });

        Button(page, "Rotate token").Click();
        dialogs.WaitForElement(".mud-dialog .danger").Click();

        page.WaitForAssertion(() => Assert.Contains(Services.GetRequiredService<Messages>().Shown, message => message.Tone == Tone.Bad));
        Assert.Empty(page.FindAll(".secret"));
    }

    [Fact]
    public void An_aggregator_that_is_away_is_no_empty_list() => Assert.Contains("The customers can't be shown at the moment.", Render<CustomersPage>().Markup);

    private (IRenderedComponent<CustomersPage> Page, IRenderedComponent<MudDialogProvider> Dialogs) Page()
    {
        Answer(HttpMethod.Head, HttpStatusCode.OK, new { });
        var dialogs = Render<MudDialogProvider>();
        return (Render<CustomersPage>(), dialogs);
    }

    // The list as ever; to a change what the test says, else the customer.
    private void Answer(HttpMethod method, HttpStatusCode status, object body) => ApiLater = async request =>
    {
        asked.Add((request.Method, request.RequestUri!.AbsolutePath, request.Content is null ? "" : await request.Content.ReadAsStringAsync()));
        return request.Method == HttpMethod.Get ? Customers.PageOf(Customers.View(1, "ABC0001"))
            : request.Method == method ? new HttpResponseMessage(status) { Content = JsonContent.Create(body) }
            : Customers.Json(Customers.View(1, "ABC0001"));
    };

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<CustomersPage> page, string word) => page.FindAll("button").Single(button => button.TextContent == word);
}
