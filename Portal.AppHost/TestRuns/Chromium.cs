using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.TestRuns;

/// <summary>The browser that the browser tests drive: one of the system, never one that a package downloads.</summary>
internal static class Chromium
{
    /// <summary>Names a browser of another place.</summary>
    public const string Variable = "PORTAL_TEST_CHROMIUM";

    public const string HowToInstall = $"The browser tests need Chromium: sudo apt-get install chromium, or {Variable}=<its path>.";

    /// <summary>Its path; null where there is none.</summary>
    public static string? Find() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : Command.Find("chromium") ?? Command.Find("chromium-browser") ?? Command.Find("google-chrome");

    /// <summary>Installs it where that may be; says so where not. On a laptop the tests that need it are skipped, in CI they fail.</summary>
    public static async Task FindOrInstallAsync(Action<string> tell, CancellationToken cancel)
    {
        if (Find() is not null) return;
        if (!AptGet.IsAllowed)
        {
            tell(HowToInstall);
            return;
        }

        tell("Installing Chromium with apt-get (once).");
        var output = await AptGet.InstallAsync("chromium", cancel);
        if (Find() is null) tell($"{output}\n\nInstalling Chromium did not work. {HowToInstall}");
    }
}
