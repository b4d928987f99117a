using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Navigation;

namespace Portal.Web.Tests.Navigation;

public sealed class PageTabsTests : PageContext
{
    private static readonly PageTab[] Tabs = [new("ingest", "Recent ingest"), new("sites", "Sites", "3")];

    [Theory]
    [InlineData(null, "Recent ingest")]
    [InlineData("sites", "Sites 3")]
    [InlineData("no-such-tab", "Recent ingest")]
    public void The_tab_that_the_address_names_is_the_one_shown_else_the_first(string? selected, string shown)
    {
        var tabs = Render(selected);

        Assert.Equal(shown, string.Join(' ', tabs.Find("a[aria-current=page]").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void What_one_tab_had_in_the_address_does_not_go_along_to_the_next()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/customers/1?tab=sites&sort=name&q=x");

        Assert.Equal(["/admin/customers/1", "/admin/customers/1?tab=sites"], Render("sites").FindAll("a").Select(link => link.GetAttribute("href")));
    }

    private IRenderedComponent<PageTabs> Render(string? selected) =>
        Render<PageTabs>(tabs => tabs.Add(t => t.Label, "Customer").Add(t => t.Tabs, Tabs).Add(t => t.Selected, selected));
}
