using Portal.AppHost.TestRuns;
using Portal.Testing;

namespace Portal.Web.BrowserTests.Browsing;

/// <summary>A test in a real browser against the real stack: skipped with the reason on a laptop that lacks something, a failure in CI.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserRequirement.Skip;
}

/// <summary>The same for a theory.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserRequirement.Skip;
}

internal static class BrowserRequirement
{
    public static string? Skip { get; } = Environment.GetEnvironmentVariable("CI") == "true" ? null
        : PostgresServer.Missing ?? (Chromium.Find() is null ? Chromium.HowToInstall : null);
}
