using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.TestRuns;

/// <summary>The Compose that published files are checked with; no Docker engine is needed for that.</summary>
internal static class DockerCompose
{
    public const string HowToInstall = "The checks of published Compose files need docker-compose: sudo apt-get install docker-compose";

    /// <summary>Its path; null where there is none.</summary>
    public static string? Find() => Command.Find("docker-compose");

    /// <summary>Installs it where that may be; says so where not.</summary>
    public static async Task FindOrInstallAsync(Action<string> tell, CancellationToken cancel)
    {
        if (Find() is not null) return;
        if (!AptGet.IsAllowed)
        {
            tell(HowToInstall);
            return;
        }

        tell("Installing docker-compose with apt-get (once).");
        var output = await AptGet.InstallAsync("docker-compose", cancel);
        if (Find() is null) tell($"{output}\n\nInstalling docker-compose did not work. {HowToInstall}");
    }
}
