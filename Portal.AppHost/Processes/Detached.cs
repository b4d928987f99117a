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
    public static ProcessStartInfo Start(IReadOnlyList<string> line)
    {
        IReadOnlyList<string> whole = Setsid is null ? line : [Setsid, .. line];
        return new ProcessStartInfo(whole[0], whole.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }
}
