using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Web.BrowserTests.Browsing;

/// <summary>Somebody's browser window on the portal; it notes what the browser complains about.</summary>
public sealed class Visit : IAsyncDisposable
{
    // What a page does under a stricter policy than it needs is reported here.
    private const string ReportViolations =
        "document.addEventListener('securitypolicyviolation', e => console.error(`content policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));";

    // Milliseconds, for a machine that does other things as well; nothing waits for it where all is well.
    internal const int Patience = 60_000;

    private readonly IBrowserContext context;

    // A page that complains without end fails its test long before this grows.
    private readonly ConcurrentQueue<string> complaints = new();

    private Visit(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console, exceptions, refused loads.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints];

    internal static async Task<Visit> BeginAsync(IBrowserContext context)
    {
        await context.AddInitScriptAsync(ReportViolations);
        context.SetDefaultTimeout(Patience);
        var visit = new Visit(context, await context.NewPageAsync());
        visit.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") visit.complaints.Enqueue(message.Text);
        };
        visit.Page.PageError += (_, error) => visit.complaints.Enqueue(error);
        return visit;
    }

    /// <summary>Opens a page and waits until its circuit is up, where it has one.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>Until then everything on the page is switched off. Of a page that is still being read nothing can be said yet.</summary>
    public Task LiveAsync() => Page.WaitForFunctionAsync("() => document.readyState === 'complete' && !document.querySelector('fieldset.until-live:disabled')");

    /// <summary>Chooses a file on the page. What its element says before Blazor listens to it is not heard, which is a moment after all else is live.</summary>
    public async Task ChooseAsync(string name, string mimeType, byte[] content)
    {
        await Page.WaitForFunctionAsync("() => document.querySelector('input[type=file]')?._blazorInputFileNextFileId !== undefined");
        await Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = mimeType, Buffer = content });
    }

    /// <summary>Waits until every chart has its curve and nothing says that it is loading.</summary>
    public async Task SettledAsync()
    {
        await Assertions.Expect(Page.Locator(".loading")).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator(".chart[aria-busy], .chart:not([data-state])")).ToHaveCountAsync(0);
    }

    /// <summary>Looks at the same page on another screen.</summary>
    public async Task LookAsync(Look look)
    {
        await Page.SetViewportSizeAsync(look.Width, look.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        await SettledAsync();
    }

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/sign-in");
        await SubmitAsync(email, password);
        await SignedInAsync();
    }

    /// <summary>Fills in the sign-in form that is shown.</summary>
    public async Task SubmitAsync(string email, string password)
    {
        await Page.FillAsync("#email", email);
        await Page.FillAsync("#password", password);
        await Page.ClickAsync("button[type=submit]");
    }

    /// <summary>Waits until a submitted sign-in has led somewhere else, and that page can be used.</summary>
    public async Task SignedInAsync()
    {
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("/sign-in"));
        await LiveAsync();
    }

    /// <summary>
    /// Waits until the address matches. It looks at the address again and again; waiting for a navigation fails where a second one
    /// takes the first one's place, as when the page and a chart on it both learn that the session has ended.
    /// </summary>
    public Task AtAsync(string pattern) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern));

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
