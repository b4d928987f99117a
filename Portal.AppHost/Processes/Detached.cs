using System.Diagnostics;

namespace Portal.AppHost.Processes;

/// <summary>
/// How children are started: in a session of their own where the system has <c>setsid</c>, so that Ctrl-C in the
/// terminal reaches this program alone and it ends them in order, the database last.
/// </summary>
public static class Detached
{
    private static readonly string? Setsid = Command.Find("setsid");

    /// <summary>A start with both output streams redirected. The child's id is that of the program itself: setsid replaces itself by it.</summary>
    /// <param name="line">Program and arguments.</param>
    /// <param name="folder">Where it starts; the root folder is one that every account can enter.</param>
    /// <param name="environment">Variables besides our own; null takes one away.</param>
    public static ProcessStartInfo Start(
        IReadOnlyList<string> line, string folder = "/", IReadOnlyDictionary<string, string?>? environment = null)
    {
        IReadOnlyList<string> whole = Setsid is null ? line : [Setsid, .. line];
        var start = new ProcessStartInfo(whole[0], whole.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return start;
    }
}
