using System.Net;
using Bunit;
using Portal.Contracts.Devices;
using Portal.Contracts.Energy;
using Portal.Contracts.Measurements;
using Portal.Contracts.Sites;
using Portal.Contracts.Users;
using Portal.Web.Devices;

namespace Portal.Web.Tests.Devices;

public sealed class DevicePageTests : CustomerPageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);

    public DevicePageTests()
    {
        On("GET /api/devices/7", new DeviceItem("7", "s", "Incomer", "AN100001", "Acuvim II", "main", Now));
        On("GET /api/sites/s", new SiteItem("s", "Mill", "Africa/Johannesburg", 1, Now));
        Rows(Row(Now.AddSeconds(-30), ("activePowerKw", 120.5), ("voltage1V", 231.4)), Row(Now.AddMinutes(-10), ("energyImportKwh", 45678.912), ("voltage1V", 1)));
        On("GET /api/devices/7/holdings", new HoldingsAnswer(525_600, new(2025, 11, 23, 0, 0, 0, TimeSpan.Zero), Now));
    }

    [Fact]
    public void The_newest_known_value_of_each_quantity_is_shown_with_unit_and_its_age_where_it_is_older()
    {
        var words = Words(Page());

        Assert.Contains("120.5", words);
        Assert.Contains("231.4", words);
        Assert.Contains("times in Johannesburg", words);
        Assert.Contains("newest reading 2026-11-23 14:29:30, 30 s ago", words);
        Assert.Contains("45,678.912\u00a0kWh", words);
        Assert.Contains("9 min old", words);
        // What the meter never posts has no row.
        Assert.DoesNotContain("Frequency", words);
    }

    [Fact]
    public void Without_readings_it_says_what_to_check()
    {
        Rows();

        Assert.Contains("No readings yet", Words(Page()));
    }

    [Fact]
    public void Deleting_says_what_is_lost_and_wants_the_serial_typed()
    {
        On("DELETE /api/devices/7", null, HttpStatusCode.NoContent);
        var page = Page();
        Press(page, "Delete");

        page.WaitForAssertion(() => Assert.Contains("525,600 measurements of Incomer, from 2025-11-23 02:00:00", Words(page)));
        Assert.True(page.Find(".mud-dialog .button.danger").HasAttribute("disabled"));
        page.Find("#confirm-word").Input("AN100001");
        page.Find(".mud-dialog .button.danger").Click();

        page.WaitForAssertion(() => Assert.Equal("http://localhost/devices", Navigation.Uri));
        Assert.Equal("DELETE /api/devices/7", Assert.Single(Sent).Request);
    }

    [Fact]
    public void A_viewer_sees_neither_edit_nor_delete()
    {
        SeenBy(Roles.Viewer);

        Assert.Empty(Page().FindAll(".page-head button"));
    }

    [Fact]
    public void A_device_that_does_not_exist_is_said_to_be_gone()
    {
        On("GET /api/devices/7", new { title = "No." }, HttpStatusCode.NotFound);

        Assert.NotEmpty(Page().FindAll("[role=status]"));
        Assert.Empty(Page().FindAll(".tabs"));
    }

    [Fact]
    public void Quality_names_gaps_and_what_is_late_and_never_rounds_up_to_complete()
    {
        Navigation.NavigateTo("/devices/7?tab=quality");
        On("GET /api/devices/7/quality", new QualityAnswer("Africa/Johannesburg", 60, 10_079, 42, 17, 7_260, 1, 60, [new GapItem(Now.AddMinutes(-9), Now.AddMinutes(-8)), new GapItem(Now.AddMinutes(-3), null)]));
        On("GET /api/energy", new EnergyAnswer("hour", "Africa/Johannesburg", [new(Now.AddHours(-3), 1, 0, true), new(Now.AddHours(-2), null, null, false)]));

        var page = Page();

        Assert.Equal(["99.9%", "10,079", "42", "17", "1"], page.FindAll(".figure .value").Select(value => value.TextContent.Trim()));
        Assert.Contains("longest delay 2 h 01 min", Words(page));
        Assert.Contains("of 2; 1 hour unknown", Words(page));
        Assert.Contains("goes on", Words(page));
    }

    private IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> Page()
    {
        Clock.SetUtcNow(Now);
        return Show<DevicePage>(("Id", "7"));
    }

    private void Rows(params object[] rows) => On("GET /api/devices/7/measurements", new { measurements = rows, next = (string?)null });

    private static Dictionary<string, object> Row(DateTimeOffset time, params (string Name, double Value)[] values)
    {
        var row = values.ToDictionary(value => value.Name, value => (object)value.Value);
        (row["time"], row["receivedAt"]) = (time, time);
        return row;
    }
}
