using System.Net;
using Bunit;
using Portal.Contracts.Overview;
using Portal.Contracts.Sites;
using Portal.Contracts.Users;
using Portal.Web.Sites;

namespace Portal.Web.Tests.Sites;

public sealed class SitePagesTests : CustomerPageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Sites_show_what_they_draw_and_how_their_devices_are()
    {
        Overview(Site("s", "Mill", Device(Now), Device(Now.AddHours(-2))), Site("t", "Shop"));

        var page = Show<SitesPage>();

        Assert.Equal(["1 not fresh", "none yet"], page.FindAll(".tag").Select(tag => tag.TextContent));
        Assert.Equal("/sites/s", page.Find("td.heads a").GetAttribute("href"));
    }

    [Fact]
    public void A_new_site_starts_with_the_zone_of_the_others_and_opens_once_it_is_made()
    {
        Overview(Site("s", "Mill"));
        On("POST /api/sites", new SiteItem("new", "Plant", "Africa/Johannesburg", 0, Now), HttpStatusCode.Created);
        var page = Show<SitesPage>();
        Press(page, "New site");
        page.WaitForElement("input[name=name]").Change("Plant");

        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("http://localhost/sites/new", Navigation.Uri));
        Assert.Equal("Africa/Johannesburg", Sent[0].Body.GetProperty("timeZone").GetString());
    }

    [Fact]
    public void A_site_with_devices_cannot_be_deleted_and_an_empty_one_can()
    {
        Overview(Site("s", "Mill", Device(Now)), Site("t", "Shop"));
        On("DELETE /api/sites/t", null, HttpStatusCode.NoContent);
        Assert.True(Show<SitePage>(("Id", "s")).FindAll("button").Single(button => button.TextContent == "Delete").HasAttribute("disabled"));

        var page = Show<SitePage>(("Id", "t"));
        Press(page, "Delete");
        page.WaitForElement(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Equal("http://localhost/sites", Navigation.Uri));
    }

    [Fact]
    public void A_viewer_sees_no_action_of_admins()
    {
        SeenBy(Roles.Viewer);
        Overview(Site("s", "Mill", Device(Now)));

        Assert.Empty(Show<SitesPage>().FindAll(".page-head button"));
        Assert.Empty(Show<SitePage>(("Id", "s")).FindAll(".page-head button"));
    }

    [Fact]
    public void An_outage_is_an_outage_and_not_an_empty_list()
    {
        var page = Show<SitesPage>();

        Assert.Contains("The sites can't be shown at the moment.", page.Find("[role=alert]").TextContent);
        Assert.DoesNotContain("No sites yet", Words(page));
    }

    private void Overview(params OverviewSite[] sites) => On("GET /api/overview", new OverviewAnswer(Now, 1, 2, false, sites));

    private static OverviewSite Site(string id, string name, params OverviewDevice[] devices) => new(id, name, "Africa/Johannesburg", 1, 2, false, Now, devices);

    private static OverviewDevice Device(DateTimeOffset? seen) => new(Guid.NewGuid().ToString(), "Meter", "AN1", "main", seen, 1);
}
