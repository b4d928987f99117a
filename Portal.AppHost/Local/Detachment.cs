using System.Diagnostics;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>This program once more, in the background, with its output in a file.</summary>
internal static class Detachment
{
    /// <summary>Set for the copy in the background.</summary>
    public const string Variable = "PORTAL_DETACHED";

    /// <summary>Starts the copy and returns it; it lives on when we end.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="secrets">What must not be seen in the list of processes.</param>
    /// <param name="output">The file that its output goes to, from its beginning.</param>
    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> secrets, string output)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        // A pipe to us would break when we end; the shell gives it a file instead, and replaces itself by the program.
        var start = Detached.Start(["/bin/sh", "-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", output, .. Self(), .. arguments], Environment.CurrentDirectory, secrets);
        start.Environment[Variable] = "1";
        start.RedirectStandardOutput = false;
        start.RedirectStandardError = false;
        return Process.Start(start)!;
    }

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]]
        : [Environment.ProcessPath!];
}
