using Portal.Contracts.Devices;
using Portal.Web.Devices;

namespace Portal.Web.Tests.Devices;

public sealed class UnclaimedPageTests : CustomerPageContext
{
    public UnclaimedPageTests() => On("GET /api/devices/unclaimed", new { items = Array.Empty<UnclaimedItem>() });

    [Fact]
    public void Readings_that_were_lost_are_said_where_they_waited()
    {
        On("GET /api/devices/unclaimed/dropped", new DroppedRows(1_200, 34, new DateOnly(2026, 11, 20)));

        var words = Words(Show<UnclaimedPage>());

        Assert.Contains("1,234 readings of unclaimed devices were lost in the last 90 days, the last on Friday 20 November.", words);
        Assert.Contains("1,200 had waited for too long, for 34 there was no room.", words);
    }

    [Fact]
    public void Where_nothing_was_lost_nothing_is_said_of_it()
    {
        On("GET /api/devices/unclaimed/dropped", new DroppedRows(0, 0, null));

        var words = Words(Show<UnclaimedPage>());

        Assert.Contains("Nothing waits: every serial that posts belongs to a device.", words);
        Assert.DoesNotContain("lost", words);
    }
}
