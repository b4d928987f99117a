using Portal.AppHost.Local;
using Portal.AppHost.Topology;
using Portal.Web.BrowserTests.Browsing;
using Portal.Web.BrowserTests.Stack;

namespace Portal.Web.BrowserTests;

[Collection(PortalTests.Name)]
public sealed class PageWalkTests(TestPortal portal)
{
    private static readonly string Pictures = Path.Combine(Repository.Find().Root, "artifacts", "screenshots");

    [BrowserTheory]
    [MemberData(nameof(Pages.All), MemberType = typeof(Pages))]
    public async Task A_page_can_be_used_by_everybody_on_every_screen_and_nothing_complains(string stack, string path, string who)
    {
        List<string> faults = [];
        await using var visit = await portal.OpenAsync(stack, Email(who));
        await visit.GoAsync(path.Replace("{site}", portal.Contents.SiteId, StringComparison.Ordinal).Replace("{device}", portal.Contents.DeviceId, StringComparison.Ordinal));
        await visit.SettledAsync();
        // Width and colours are the stylesheet's business: the page needn't be loaded again for them.
        foreach (var look in Look.All)
        {
            await visit.LookAsync(look);
            var name = $"{stack}{(path == "/" ? "-start" : path.Replace('/', '-').Replace("?", "-", StringComparison.Ordinal))}-{who}-{look}";
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
            // Both widths and both themes, each once: it is what takes the time.
            if (look.Phone == look.Dark) faults.AddRange((await Axe.SeriousAsync(visit.Page)).Select(found => $"{look}: {found}"));
            if (await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) faults.Add($"{look}: it is wider than the screen");
        }

        faults.AddRange(visit.Complaints.Where(complaint => !IsExpected(path, complaint)));
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static string? Email(string who) => who switch { "admin" => Stacks.AdminEmail, "viewer" => TestPortal.ViewerEmail, _ => null };

    // The browser says on the console that the page it was sent to doesn't exist, which is what was asked.
    private static bool IsExpected(string path, string complaint) => path == "/no-such-page" && complaint.Contains("404", StringComparison.Ordinal);
}
