using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.Web.BrowserTests.Browsing;

/// <summary>Looks for what keeps people with a screen reader, a keyboard or weak eyes out.</summary>
internal static class Axe
{
    private const string Run =
        """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .filter(found => found.impact === 'serious' || found.impact === 'critical')
          .map(found => `${found.id} (${found.impact}): ${found.nodes.slice(0, 5).map(node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`)
        """;

    private static readonly Lazy<string> Script = new(() =>
    {
        using var reader = new StreamReader(typeof(Axe).Assembly.GetManifestResourceStream("axe.js")!);
        return reader.ReadToEnd();
    });

    /// <summary>What is serious or worse, one line each.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page)
    {
        // By the debugger's way in, which no content policy keeps out.
        await page.EvaluateAsync(Script.Value);
        return [.. (await page.EvaluateAsync<JsonElement>(Run)).EnumerateArray().Select(found => found.GetString()!)];
    }
}
