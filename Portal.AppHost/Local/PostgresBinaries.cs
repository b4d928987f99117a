using System.Globalization;
using System.Text.RegularExpressions;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>
/// The folder with <c>initdb</c> and <c>postgres</c>: an installed server's, the newest first, else what is on PATH.
/// </summary>
public static partial class PostgresBinaries
{
    /// <summary>The oldest server that the schema's SQL runs on.</summary>
    public const int OldestVersion = 15;

    /// <summary>The folder of an installed server that is new enough, or null. Looks at files only, starts nothing.</summary>
    /// <param name="version">The version that made existing data, which no other can read; null for the newest.</param>
    public static string? Find(int? version = null) => Installed()
        .OrderByDescending(found => found.Version)
        .Where(found => (version is null ? found.Version >= OldestVersion : found.Version == version) && IsComplete(found.Folder))
        .Select(found => found.Folder)
        .FirstOrDefault() ?? OnPath();

    /// <summary>What to do on a machine without a server, with the line to type.</summary>
    public static string HowToInstall =>
        $"""
        PostgreSQL {OldestVersion} or newer is needed and was not found (looked in /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, Homebrew and PATH).
        Install it and run the same command again:
          {InstallLine()}
        or use a server you already have:
          ./portal up --database "Host=…;Port=5432;Username=…;Password=…"
        """;

    private static string InstallLine()
    {
        if (OperatingSystem.IsMacOS()) return "brew install postgresql@17";
        if (Command.Find("apt-get") is not null) return "sudo apt-get install postgresql";
        if (Command.Find("dnf") is not null) return "sudo dnf install postgresql-server";
        if (Command.Find("apk") is not null) return "sudo apk add postgresql17";
        if (Command.Find("pacman") is not null) return "sudo pacman -S postgresql";
        return "see https://www.postgresql.org/download/";
    }

    private static IEnumerable<(int Version, string Folder)> Installed()
    {
        (string Parent, string Pattern)[] places =
        [
            ("/usr/lib/postgresql", "*"), // Debian, Ubuntu: /usr/lib/postgresql/17/bin
            ("/usr", "pgsql-*"), // packages of postgresql.org on Red Hat: /usr/pgsql-17/bin
            ("/usr/libexec", "postgresql*"), // Alpine: /usr/libexec/postgresql17
            ("/opt/homebrew/opt", "postgresql@*"),
            ("/usr/local/opt", "postgresql@*"),
        ];
        foreach (var (parent, pattern) in places.Where(place => Directory.Exists(place.Parent)))
            foreach (var folder in Directory.EnumerateDirectories(parent, pattern))
                if (LastNumber().Match(Path.GetFileName(folder)) is { Success: true } match)
                {
                    var bin = Path.Combine(folder, "bin");
                    yield return (int.Parse(match.Value, CultureInfo.InvariantCulture), Directory.Exists(bin) ? bin : folder);
                }
    }

    // A link on PATH leads to the folder where the whole installation is.
    private static string? OnPath() => Command.Find("initdb") is { } initdb
        ? new[] { Path.GetDirectoryName(File.ResolveLinkTarget(initdb, returnFinalTarget: true)?.FullName ?? initdb)! }.FirstOrDefault(IsComplete)
        : null;

    private static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    [GeneratedRegex(@"\d{1,3}$")]
    private static partial Regex LastNumber();
}
