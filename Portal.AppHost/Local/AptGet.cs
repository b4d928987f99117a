using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>Installs a package with the system's package manager, where that is allowed: as root, on Debian and its kin.</summary>
internal static class AptGet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Whether this account may install packages here.</summary>
    public static bool IsAllowed => Environment.IsPrivilegedProcess && Command.Find("apt-get") is not null;

    /// <summary>What apt-get said at last.</summary>
    public static async Task<string> InstallAsync(string package, CancellationToken cancel)
    {
        var apt = Command.Find("apt-get")!;
        var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        string[] install = [apt, "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", package];
        var result = await Command.RunAsync(install, Limit, cancel, environment);
        if (result.Succeeded) return result.Output;

        // A fresh image has no package lists yet.
        await Command.RunAsync([apt, "-o", "DPkg::Lock::Timeout=120", "update"], Limit, cancel, environment);
        return (await Command.RunAsync(install, Limit, cancel, environment)).Output;
    }
}
