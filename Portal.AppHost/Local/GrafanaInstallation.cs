using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>A Grafana on this machine.</summary>
/// <param name="Program">Its server: <c>grafana</c>, or <c>grafana-server</c> as it was called before version 10.</param>
/// <param name="Home">The folder with its pages and <c>conf/defaults.ini</c>.</param>
internal sealed record GrafanaInstallation(string Program, string Home)
{
    /// <summary>Stands for the path: no stack gets one.</summary>
    public const string None = "none";

    private static readonly string[] Names = ["grafana", "grafana-server"];

    // Debian's and Red Hat's packages, Homebrew. What these put on PATH are scripts that look for a system-wide configuration.
    private static readonly string[] Folders = ["/usr/share/grafana/bin", "/opt/homebrew/opt/grafana/bin", "/usr/local/opt/grafana/bin"];

    /// <summary>How it is started; everything else it is told by its environment.</summary>
    public IReadOnlyList<string> Line => Path.GetFileName(Program) == "grafana-server" ? [Program, "--homepath", Home] : [Program, "server", "--homepath", Home];

    /// <summary>The one to use and a sentence about it; null where there is none, and the sentence says what that means.</summary>
    /// <param name="asked">Path of a program, <see cref="None"/>, or null for what is found.</param>
    /// <exception cref="UsageException">The program that was asked for is none.</exception>
    public static (GrafanaInstallation? Found, string Said) Find(string? asked)
    {
        if (asked == None) return (null, "left out, as --grafana none says; /grafana answers 404.");
        if (asked is not null)
        {
            var given = File.Exists(asked) ? Of(Path.GetFullPath(asked)) : null;
            return given is not null ? (given, given.Sentence)
                : throw new UsageException($"--grafana {asked} is no Grafana: it must be its program, bin/grafana, in a folder that has conf/defaults.ini. Or say {None}.");
        }

        var found = Folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).Where(File.Exists)
            .Concat(Names.Select(Command.Find).OfType<string>())
            .Select(Of).OfType<GrafanaInstallation>().FirstOrDefault();
        return found is not null
            ? (found, found.Sentence)
            : (null, $"none on this machine (looked in {string.Join(", ", Folders)} and PATH); /grafana answers 404. Install one, or name it with --grafana PATH.");
    }

    private string Sentence => $"{Program}, at /grafana of each stack for who is signed in there.";

    // A link on PATH leads to the folder where the whole installation is.
    private static GrafanaInstallation? Of(string program)
    {
        var file = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        var root = Path.GetDirectoryName(Path.GetDirectoryName(file));
        if (root is null) return null;
        string[] homes = [root, Path.Combine(root, "share", "grafana")];
        var home = homes.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "conf", "defaults.ini")));
        return home is null ? null : new(file, home);
    }
}
