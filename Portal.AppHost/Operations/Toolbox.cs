using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Operations;

/// <summary>One call of a tool. What must not be seen in the list of processes goes in by <see cref="Environment"/> or <see cref="Input"/>.</summary>
/// <param name="Line">The program's name and its arguments.</param>
internal sealed record ToolCall(IReadOnlyList<string> Line)
{
    /// <summary>Where it starts; the root folder, which every account can enter, where nothing else is said.</summary>
    public string Folder { get; init; } = "/";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables of ours that it must not see.</summary>
    public IEnumerable<string> Without { get; init; } = [];

    /// <summary>What it reads; null: nothing.</summary>
    public Stream? Input { get; init; }

    /// <summary>Where what it prints goes, byte by byte; null: into <see cref="ToolAnswer.Output"/>, of which the last 4 MiB are kept.</summary>
    public Stream? Output { get; init; }

    /// <summary>It is ended, with its children, after this long.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>What a tool answered.</summary>
/// <param name="ExitCode">-1 where it could not be started or took too long.</param>
/// <param name="Output">What it printed; empty where that went into a stream.</param>
/// <param name="Errors">The end of what it said on the other stream, 16 KiB at most.</param>
internal sealed record ToolAnswer(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it said last, whatever the stream.</summary>
    public string Said => string.Join('\n', ((string[])[Output.Trim(), Errors.Trim()]).Where(text => text.Length > 0));
}

/// <summary>The tools of this host, such as docker and kubectl.</summary>
/// <param name="path">The folders they are looked for in, and that they look for their own in.</param>
internal sealed class Toolbox(string path)
{
    private const int KeptOutput = 4 * 1024 * 1024;
    private const int KeptErrors = 16 * 1024;

    /// <summary>Those on this program's own PATH.</summary>
    public static Toolbox Here { get; } = new(System.Environment.GetEnvironmentVariable("PATH") ?? "");

    public bool Has(string name) => Command.Find(name, path) is not null;

    /// <summary>Runs a tool to its end.</summary>
    public async Task<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancel)
    {
        using var process = new Process { StartInfo = Start(call) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new(-1, "", $"{call.Line[0]}: {e.Message}");
        }

        using var output = call.Output is null ? new MemoryStream() : null;
        using var errors = new MemoryStream();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(call.Limit);
        var written = FeedAsync(process, call.Input, timeout.Token);
        var read = Task.WhenAll(
            call.Output is { } to ? process.StandardOutput.BaseStream.CopyToAsync(to, timeout.Token) : KeepAsync(process.StandardOutput.BaseStream, output!, KeptOutput, timeout.Token),
            KeepAsync(process.StandardError.BaseStream, errors, KeptErrors, timeout.Token));
        try
        {
            await read;
            await process.WaitForExitAsync(timeout.Token);
            await written;
        }
        catch (Exception e)
        {
            // Whatever went wrong, such as a full disk under the output: it must not go on alone.
            process.Kill(entireProcessTree: true);
            if (e is not OperationCanceledException) throw;
            cancel.ThrowIfCancellationRequested();
            return new(-1, Text(output), $"{Text(errors)}\n{call.Line[0]} was ended after {call.Limit.TotalSeconds:0} s.".Trim());
        }

        return new(process.ExitCode, Text(output), Text(errors));
    }

    private ProcessStartInfo Start(ToolCall call)
    {
        var start = new ProcessStartInfo(Command.Find(call.Line[0], path) ?? call.Line[0], call.Line.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = call.Folder,
        };
        foreach (var name in call.Without) start.Environment.Remove(name);
        foreach (var (name, value) in call.Environment) start.Environment[name] = value;
        start.Environment["PATH"] = path;
        return start;
    }

    // A tool that ends before it has read everything says why by its exit code.
    private static async Task FeedAsync(Process process, Stream? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private static async Task KeepAsync(Stream from, MemoryStream kept, int most, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        for (int count; (count = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            kept.Write(buffer, 0, count);
            if (kept.Length <= 2 * most) continue;
            var end = kept.ToArray()[^most..];
            kept.SetLength(0);
            kept.Write(end);
        }
    }

    private static string Text(MemoryStream? stream) => stream is null ? "" : Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
}
