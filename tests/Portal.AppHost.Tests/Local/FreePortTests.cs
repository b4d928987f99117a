using Portal.AppHost.Local;

namespace Portal.AppHost.Tests.Local;

public sealed class FreePortTests
{
    [Fact]
    public void A_port_that_was_named_is_held_against_others_who_look_and_free_to_listen_on()
    {
        var port = FreePort.Next();

        Assert.False(FreePort.TryHold(port, out _));
        Assert.True(FreePort.IsFree(port));
    }
}
