using Bunit;
using Portal.Contracts.Overview;
using Portal.Contracts.Sites;
using Portal.Contracts.Users;
using Portal.Web.Devices;

namespace Portal.Web.Tests.Devices;

public sealed class DevicesPageTests : CustomerPageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    public DevicesPageTests()
    {
        On("GET /api/overview", Overview(Device("1", "Incomer", "AN1", Now), Device("2", "Pump", "AN2", Now.AddHours(-2)), Device("3", "Chiller", "AN3", null)));
        On("GET /api/sites", new { items = new[] { new SiteItem("s", "Mill", "Africa/Johannesburg", 3, Now) } });
    }

    [Fact]
    public void Devices_are_filtered_by_what_the_address_says()
    {
        Assert.Equal(["Chiller", "Incomer", "Pump"], Names());

        Navigation.NavigateTo("/devices?state=not-fresh");
        Assert.Equal(["Pump"], Names());

        Navigation.NavigateTo("/devices?q=an3");
        Assert.Equal(["Chiller"], Names());

        Navigation.NavigateTo("/devices?q=nothing");
        Assert.Contains("No device matches this filter.", Words(Show<DevicesPage>()));
    }

    [Fact]
    public void A_viewer_sees_the_devices_and_no_way_to_add_one()
    {
        Assert.Contains(Show<DevicesPage>().FindAll("button"), button => button.TextContent == "Add device");

        SeenBy(Roles.Viewer);

        var page = Show<DevicesPage>();
        Assert.Contains("Incomer", Words(page));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Add device");
    }

    [Fact]
    public void A_serial_that_is_taken_is_said_beside_its_field_and_what_was_typed_stays()
    {
        Refuse("POST /api/devices", "externalId", "Another device has this external id (serial).");
        var page = Show<DevicesPage>();
        Press(page, "Add device");
        page.WaitForElement("input[name=externalId]").Change(" AN1 ");

        page.Find(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("Another device has this external id (serial).", page.Find(".field-error").TextContent));
        Assert.Equal("AN1", Sent[0].Body.GetProperty("externalId").GetString());
        // Without a name of its own it is called by its serial.
        Assert.Equal("AN1", Sent[0].Body.GetProperty("name").GetString());
    }

    [Fact]
    public void Without_devices_it_says_how_to_begin()
    {
        On("GET /api/overview", Overview());

        Assert.Contains("No devices yet", Words(Show<DevicesPage>()));
    }

    private List<string> Names() => [.. Show<DevicesPage>().FindAll("td.heads b").Select(name => name.TextContent)];

    private static OverviewAnswer Overview(params OverviewDevice[] devices) =>
        new(Now, 1, 2, false, [new OverviewSite("s", "Mill", "Africa/Johannesburg", 1, 2, false, Now, devices)]);

    private static OverviewDevice Device(string id, string name, string serial, DateTimeOffset? seen) => new(id, name, serial, "main", seen, 1);
}
