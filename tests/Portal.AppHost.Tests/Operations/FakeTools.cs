using System.Diagnostics;
using System.Text;
using Portal.AppHost.Operations;

namespace Portal.AppHost.Tests.Operations;

/// <summary>
/// Tools such as <c>docker</c> and <c>kubectl</c> that answer what a test says, and write down what they were called with. A call that the test does
/// not expect fails.
/// </summary>
internal sealed class FakeTools : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-tools-").FullName;
    private readonly Dictionary<string, StringBuilder> _answers = [];

    /// <summary>The fakes, and the system's own shell behind them.</summary>
    public Toolbox Box => new($"{_folder}:/usr/bin:/bin");

    /// <summary>The fakes alone: what has no fake is missing.</summary>
    public Toolbox Alone => new(_folder);

    /// <summary>Every call so far, as <c>docker ps --all</c>, in its order.</summary>
    public IReadOnlyList<string> Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(_folder, "calls");

    /// <summary>A file that scripts of fakes may write to, for the test to read.</summary>
    public string Note(string name) => Path.Combine(_folder, name);

    /// <summary>Lets a tool answer calls of a shell pattern; the first pattern that fits counts.</summary>
    public FakeTools Answer(string tool, string pattern, string output = "", int exitCode = 0, string error = "") =>
        Script(tool, pattern, $"cat <<'ANSWER'\n{output}\nANSWER\n{(error.Length == 0 ? "" : $"echo '{error}' >&2\n")}exit {exitCode}");

    /// <summary>The same with a script of the shell, which sees the arguments as <c>$@</c>.</summary>
    public FakeTools Script(string tool, string pattern, string script)
    {
        if (!_answers.TryGetValue(tool, out var cases)) _answers[tool] = cases = new();
        cases.Append('\n').Append(pattern.Replace(" ", "\\ ", StringComparison.Ordinal)).Append(")\n").Append(script).Append("\nexit\n;;");
        var path = Path.Combine(_folder, tool);
        File.WriteAllText($"{path}.text", $"#!/bin/sh\necho \"{tool} $*\" | tr '\\n' ' ' >>'{Log}'; echo >>'{Log}'\ncase \"$*\" in{cases}\nesac\necho \"unexpected: {tool} $*\" >&2\nexit 97\n");
        // Copied by another process: a program that this one has open for writing can't be started while any of its children is just being made.
        using var copy = Process.Start("/bin/sh", ["-c", $"cp '{path}.text' '{path}' && chmod 700 '{path}'"]);
        copy.WaitForExit();
        return this;
    }

    /// <summary>A Docker that is there, with Compose 2.</summary>
    public FakeTools WithDocker() => Answer("docker", "version *", "28.0.0").Answer("docker", "compose version", "Docker Compose version v2.30.0");

    /// <summary>A kubectl with a cluster.</summary>
    public FakeTools WithKubectl() => Answer("kubectl", "config current-context", "production").Answer("kubectl", "--context production version *", "Server Version: v1.31.0");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
