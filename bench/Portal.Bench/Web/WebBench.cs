using System.CommandLine;
using System.Globalization;
using Microsoft.Playwright;
using Portal.AppHost.TestRuns;

namespace Portal.Bench.Web;

/// <summary>What somebody waits for in a browser: the start page, and a device's curve over a year of minute data.</summary>
internal sealed class WebBench : Command
{
    private const int Visits = 15;
    private const int Turns = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // When the page can be used: its circuit is up, nothing is loading, every chart has its curve. Shifts of the layout are added up beside it.
    private const string Watch = """
        (() => {
          window.shifted = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifted += entry.hadRecentInput ? 0 : entry.value)).observe({ type: "layout-shift", buffered: true });
          const usable = () => document.documentElement.dataset.circuit === "up" && document.querySelector("main h1") && !document.querySelector("fieldset.until-live:disabled, .loading")
            && document.querySelector(".chart") && [...document.querySelectorAll(".chart")].every(chart => chart.dataset.state === "ready");
          const look = () => { if (document.body && usable()) window.usableAt = performance.now(); else requestAnimationFrame(look); };
          look();
        })();
        """;

    private const string CountFrames = """
        () => { window.frames_ = []; let last = performance.now(); const tick = now => { window.frames_.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); }; window.ticking = requestAnimationFrame(tick); }
        """;

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };

    public WebBench()
        : base("web", "How long people wait for pages in a browser (Chromium).")
    {
        Options.Add(database);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database)));
    }

    private static async Task<int> RunAsync(string? given)
    {
        if (Chromium.Find() is not { } chromium)
        {
            await Console.Error.WriteLineAsync(Chromium.HowToInstall);
            return 1;
        }

        var report = new BenchReport("web");
        await using var stack = await WebStack.StartAsync(given);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var device = await stack.FillAsync(now);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
        await using var context = await browser.NewContextAsync(new() { BaseURL = stack.Url, ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#email", WebStack.Email);
        await page.FillAsync("#password", WebStack.Password);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        await page.AddInitScriptAsync(Watch);

        await VisitAsync(report, page, "/", string.Create(CultureInfo.InvariantCulture, $"start page, {WebStack.Devices} devices × 30 days × 1 min"));
        var year = string.Create(CultureInfo.InvariantCulture, $"/devices/{device}?tab=curves&from={new DateTimeOffset(now.AddDays(-365)).ToUnixTimeSeconds()}&to={new DateTimeOffset(now).ToUnixTimeSeconds()}");
        await VisitAsync(report, page, year, "a device's curve over a year × 1 min");
        await ZoomAsync(report, page);
        await report.WriteAsync(stack.ConnectionString);
        return 0;
    }

    private static async Task VisitAsync(BenchReport report, IPage page, string path, string what)
    {
        var (waits, shifted) = (new List<double>(), 0.0);
        for (var visit = 0; visit < Visits + 3; visit++)
        {
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
            var usable = await UsableAsync(page);
            // The first ones warm the services up.
            if (visit < 3) continue;
            waits.Add(usable);
            shifted = Math.Max(shifted, await page.EvaluateAsync<double>("window.shifted"));
        }

        report.Add(what + ": from navigation to usable", BenchReport.Percentiles(waits), BenchReport.Goal("p95 < 1 s", waits[(int)(0.95 * waits.Count)] < 1000));
        report.Add(what + ": layout shift", shifted.ToString("0.000", CultureInfo.InvariantCulture), BenchReport.Goal("< 0.1", shifted < 0.1));
    }

    // The page has noted the moment itself, so it doesn't matter how often it is asked.
    private static async Task<double> UsableAsync(IPage page)
    {
        for (var from = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(from) < Patience; await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System))
        {
            if (await page.EvaluateAsync<double?>("() => window.usableAt ?? null") is { } usable) return usable;
        }

        throw new InvalidOperationException($"{page.Url} could not be used within {Patience}.");
    }

    // Into the middle of the year and out again by the wheel, as fast as a hand turns it.
    private static async Task ZoomAsync(BenchReport report, IPage page)
    {
        var plot = (await page.Locator(".chart .plot").First.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(plot.X + (plot.Width / 2), plot.Y + (plot.Height / 2));
        await page.Keyboard.DownAsync("Control");
        await page.EvaluateAsync(CountFrames);
        for (var turn = 0; turn < Turns; turn++)
        {
            await page.Mouse.WheelAsync(0, turn < Turns / 2 ? -120 : 120);
            await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System);
        }

        var frames = (await page.EvaluateAsync<double[]>("() => { cancelAnimationFrame(window.ticking); return window.frames_; }")).ToList();
        await page.Keyboard.UpAsync("Control");
        if (await page.Locator(".chart[data-moved]").CountAsync() == 0) throw new InvalidOperationException("The wheel moved no chart: there is nothing to report.");
        report.Add("zooming in and out of it: a frame", BenchReport.Percentiles(frames), BenchReport.Goal("p95 < 50 ms", frames[(int)(0.95 * frames.Count)] < 50));
    }
}
