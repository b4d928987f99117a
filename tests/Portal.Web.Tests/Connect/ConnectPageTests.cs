using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Devices;
using Portal.Contracts.IngestKeys;
using Portal.Contracts.Overview;
using Portal.Contracts.Sites;
using Portal.Web.Connect;

namespace Portal.Web.Tests.Connect;

public sealed class ConnectPageTests : CustomerPageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    public ConnectPageTests()
    {
        Clock.SetUtcNow(Now);
        Waiting();
        Devices();
        Rows();
        On("GET /api/sites", new { items = new[] { new SiteItem("s", "Mill", "Africa/Johannesburg", 0, Now) } });
        On("GET /api/devices/7/unknown-parameters", new { items = Array.Empty<object>() });
    }

    [Fact]
    public void A_serial_leads_to_an_address_of_its_own_and_none_is_asked_for()
    {
        Navigation.NavigateTo("/connect");
        var page = Show<ConnectPage>();
        page.Find("form").Submit();
        Assert.Equal("Type the serial first.", page.Find(".field-error").TextContent);

        page.Find("input[name=externalId]").Change(" AN 7 ");
        page.Find("form").Submit();

        Assert.Equal("http://localhost/connect?serial=AN%207", Navigation.Uri);
    }

    [Fact]
    public void The_values_to_type_have_the_key_once_it_is_made()
    {
        Devices(Device());
        On("POST /api/ingest-keys", new IngestKeyCreated("k", "Meter AN7", "pik_secret", "pik_se", Now), HttpStatusCode.Created);
        var page = Page();
        Assert.Contains("/api/ingest/acuvim?key=YOUR-KEY", Words(page));

        Press(page, "Make a key for this meter");

        page.WaitForAssertion(() => Assert.Contains("http://localhost/api/ingest/acuvim?key=pik_secret", page.Find("pre").TextContent));
        Assert.Equal("Meter AN7", Sent[0].Body.GetProperty("name").GetString());
    }

    [Fact]
    public void It_listens_until_the_first_post_and_then_shows_it_decoded_with_what_is_odd()
    {
        Devices(Device());
        var page = Page();
        Assert.Contains("Listening for the first post of AN7…", Words(page));

        On("GET /api/devices/7/unknown-parameters", new { items = new[] { new UnknownParameterItem("DI1", Now, Now, 3) } });
        Rows(new Dictionary<string, object> { ["time"] = Now.AddMinutes(4), ["receivedAt"] = Now, ["activePowerKw"] = -12.5, ["voltage1V"] = 231.4 });
        Clock.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Contains("It works: AN7 posts.", Words(page)));
        var odd = page.FindAll("section ul li").Select(line => line.TextContent).ToList();
        Assert.Contains(odd, line => line.StartsWith("The meter's clock is 4 min ahead.", StringComparison.Ordinal));
        Assert.Contains(odd, line => line.StartsWith("Active power is negative (-12.5 kW).", StringComparison.Ordinal));
        Assert.Contains(odd, line => line.StartsWith("The energy register is not posted", StringComparison.Ordinal));
        Assert.Contains(odd, line => line.EndsWith("not stored: DI1.", StringComparison.Ordinal));
        Assert.Contains("231.4", Words(page));
    }

    [Fact]
    public void A_post_with_all_that_is_needed_has_nothing_odd()
    {
        Devices(Device());
        Rows(new Dictionary<string, object> { ["time"] = Now.AddSeconds(-20), ["receivedAt"] = Now, ["activePowerKw"] = 12.5, ["energyImportKwh"] = 100.5 });

        Assert.Contains("Nothing odd", Words(Page()));
    }

    [Fact]
    public void A_serial_that_waits_is_claimed_with_its_readings()
    {
        Waiting(new UnclaimedItem("AN7", 1_440, Now.AddDays(-1), Now, Now));
        On("POST /api/devices/unclaimed/AN7/claim", new DeviceCreated("7", "s", "AN7", "AN7", null, "main", Now, 1_440), HttpStatusCode.Created);
        var page = Page();
        Assert.Contains("AN7 already posts: 1,440 readings wait.", Words(page));

        Press(page, "Claim device");
        page.WaitForElement(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("s", Assert.Single(Sent).Body.GetProperty("siteId").GetString()));
    }

    private IRenderedComponent<IComponent> Page()
    {
        Navigation.NavigateTo("/connect?serial=AN7");
        return Show<ConnectPage>();
    }

    private void Waiting(params UnclaimedItem[] items) => On("GET /api/devices/unclaimed", new { items });

    private void Devices(params OverviewDevice[] devices) =>
        On("GET /api/overview", new OverviewAnswer(Now, 1, 2, false, [new OverviewSite("s", "Mill", "Africa/Johannesburg", 1, 2, false, Now, devices)]));

    private void Rows(params object[] rows) => On("GET /api/devices/7/measurements", new { measurements = rows, next = (string?)null });

    private static OverviewDevice Device() => new("7", "Incomer", "AN7", "main", null, null);
}
