using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Portal.AppHost.Processes;

/// <summary>Runs a program to its end, for the few system tools this program leans on.</summary>
public static class Command
{
    /// <summary>Bound of the output that is kept: its end, since that is where programs say what went wrong.</summary>
    private const int KeptCharacters = 16 * 1024;

    /// <summary>What a program answered. <paramref name="ExitCode"/> is -1 when it could not be started or took too long.</summary>
    public sealed record Result(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    /// <summary>
    /// Runs a program and returns what it printed on both streams; ends it, with its children, after <paramref name="limit"/>.
    /// It starts in the root folder, which every account can enter, so paths are given in full.
    /// </summary>
    public static async Task<Result> RunAsync(
        IReadOnlyList<string> line, TimeSpan limit, CancellationToken cancel, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var output = new StringBuilder();
        void Keep(object _, DataReceivedEventArgs e)
        {
            lock (output)
            {
                if (e.Data is not null) output.AppendLine(e.Data);
                if (output.Length > 2 * KeptCharacters) output.Remove(0, output.Length - KeptCharacters);
            }
        }

        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new(-1, e.Message);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            lock (output) return new(-1, $"{output}\n{Path.GetFileName(line[0])} was ended after {limit.TotalSeconds:0} s.");
        }

        lock (output) return new(process.ExitCode, output.ToString().Trim());
    }

    /// <summary>Runs a program in a folder, hands on each line that it prints, and returns its exit code. Ends it with its children when cancelled.</summary>
    public static async Task<int> StreamAsync(IReadOnlyList<string> line, string folder, Action<string> take, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var child = ChildProcess.Start(start, take);
        await using var ended = cancel.Register(() => child.KillTree());
        return await child.FinishedAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string name) => Find(name, Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>The same in the folders of another path.</summary>
    public static string? Find(string name, string path) => path
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
