namespace Portal.AppHost.Local;

/// <summary>Installs the PostgreSQL server with the system's package manager, where that is allowed: as root, on Debian and its kin.</summary>
public static class PostgresInstallation
{
    /// <summary>Debian creates and starts a server of its own on port 5432 with the package, unless told not to.</summary>
    private const string NoSystemCluster = "/etc/postgresql-common/createcluster.d/tau-acuvim-portal.conf";

    /// <summary>The binaries' folder: found, or installed when root. Throws <see cref="PostgresUnavailableException"/> with the line to type otherwise.</summary>
    public static async Task<string> FindOrInstallAsync(Action<string> tell, CancellationToken cancel)
    {
        if (PostgresBinaries.Find() is { } found) return found;
        if (!AptGet.IsAllowed) throw new PostgresUnavailableException(PostgresBinaries.HowToInstall);

        tell("Installing PostgreSQL with apt-get (once).");
        var output = await InstallAsync(cancel);
        return PostgresBinaries.Find() ?? throw new PostgresUnavailableException($"{output}\n\nInstalling PostgreSQL did not work. {PostgresBinaries.HowToInstall}");
    }

    private static async Task<string> InstallAsync(CancellationToken cancel)
    {
        var existed = File.Exists(NoSystemCluster);
        if (!existed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(NoSystemCluster)!);
            await File.WriteAllTextAsync(NoSystemCluster, "create_main_cluster = false\n", cancel);
        }

        try
        {
            return await AptGet.InstallAsync("postgresql", cancel);
        }
        finally
        {
            if (!existed) File.Delete(NoSystemCluster);
        }
    }
}
