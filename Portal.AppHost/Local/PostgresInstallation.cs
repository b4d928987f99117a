using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>Installs the PostgreSQL server with the system's package manager, where that is allowed: as root, on Debian and its kin.</summary>
public static class PostgresInstallation
{
    /// <summary>Debian creates and starts a server of its own on port 5432 with the package, unless told not to.</summary>
    private const string NoSystemCluster = "/etc/postgresql-common/createcluster.d/tau-acuvim-portal.conf";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>The binaries' folder: found, or installed when root. Throws <see cref="PostgresUnavailableException"/> with the line to type otherwise.</summary>
    public static async Task<string> FindOrInstallAsync(Action<string> tell, CancellationToken cancel)
    {
        if (PostgresBinaries.Find() is { } found) return found;
        if (!Environment.IsPrivilegedProcess || Command.Find("apt-get") is not { } apt) throw new PostgresUnavailableException(PostgresBinaries.HowToInstall);

        tell("Installing PostgreSQL with apt-get (once).");
        var output = await InstallAsync(apt, cancel);
        return PostgresBinaries.Find() ?? throw new PostgresUnavailableException($"{output}\n\nInstalling PostgreSQL did not work. {PostgresBinaries.HowToInstall}");
    }

    private static async Task<string> InstallAsync(string apt, CancellationToken cancel)
    {
        var existed = File.Exists(NoSystemCluster);
        if (!existed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(NoSystemCluster)!);
            await File.WriteAllTextAsync(NoSystemCluster, "create_main_cluster = false\n", cancel);
        }

        try
        {
            var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
            string[] install = [apt, "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", "postgresql"];
            var result = await Command.RunAsync(install, Limit, cancel, environment);
            if (result.Succeeded) return result.Output;

            // A fresh image has no package lists yet.
            await Command.RunAsync([apt, "-o", "DPkg::Lock::Timeout=120", "update"], Limit, cancel, environment);
            return (await Command.RunAsync(install, Limit, cancel, environment)).Output;
        }
        finally
        {
            if (!existed) File.Delete(NoSystemCluster);
        }
    }
}
