using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class ThemeTests(TestPortal portal)
{
    private const string Ground = "getComputedStyle(document.body).backgroundColor";
    private const string Light = "rgb(246, 247, 249)";
    private const string Dark = "rgb(15, 19, 24)";

    [BrowserFact]
    public async Task The_system_decides_until_somebody_chooses_and_the_choice_is_there_at_the_next_first_paint()
    {
        await using var visit = await portal.OpenAsync(look: new Look(Phone: false, Dark: true));
        await visit.GoAsync("/");
        Assert.Equal(Dark, await visit.Page.EvaluateAsync<string>(Ground));

        await visit.Page.ClickAsync(".side [data-theme-choice=light]");
        Assert.Equal(Light, await visit.Page.EvaluateAsync<string>(Ground));

        // The server writes it into the page, so that nothing flashes.
        var html = await visit.Page.EvaluateAsync<string>("fetch('/').then(answer => answer.text())");
        Assert.Contains("""<html lang="en" data-theme="light">""", html);

        await visit.GoAsync("/");
        await visit.Page.ClickAsync(".side [data-theme-choice=system]");
        Assert.Equal(Dark, await visit.Page.EvaluateAsync<string>(Ground));
    }
}
