using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Shell;
using Portal.Web.States;

namespace Portal.Web.Tests.States;

public sealed class MessagesTests : PageContext
{
    private Messages Messages => Services.GetRequiredService<Messages>();

    [Fact]
    public void Good_news_goes_by_itself_and_bad_news_stays_until_it_is_closed()
    {
        var list = Render<MessageList>();
        Messages.Add("Deleted.", Tone.Good);
        Messages.Add("That failed.", Tone.Bad);
        list.WaitForAssertion(() => Assert.Equal(["Deleted.", "That failed."], list.FindAll(".message span").Select(text => text.TextContent)));

        Clock.Advance(Web.States.Messages.GoodNewsLast);
        list.WaitForAssertion(() => Assert.Equal(["That failed."], list.FindAll(".message span").Select(text => text.TextContent)));
        Assert.Equal("alert", list.Find(".message").GetAttribute("role"));
        list.Find("button").Click();
        list.WaitForAssertion(() => Assert.Empty(list.FindAll(".message")));
    }

    [Fact]
    public void What_fails_again_and_again_is_said_once_and_a_flood_leaves_the_newest()
    {
        for (var number = 0; number < 10; number++) Messages.Add($"Failed {number / 2}.", Tone.Bad);

        Assert.Equal(["Failed 1.", "Failed 2.", "Failed 3.", "Failed 4."], Messages.Shown.Select(message => message.Text));
    }
}
