using System.Globalization;
using Portal.AppHost.Processes;
using Portal.Domain.Texts;

namespace Portal.AppHost.Local;

/// <summary>What happens to the children, in sentences: into <c>engine.log</c>, and to whoever looks on.</summary>
internal sealed class EngineLog(StateFolder folder, TimeProvider clock) : IDisposable
{
    private readonly LogFile _file = new(folder.Log(null, "engine"));

    /// <summary>Takes each sentence; set once the start is over, so that the start's own display isn't disturbed.</summary>
    public Action<string>? Listener { get; set; }

    public void Write(string sentence)
    {
        var now = clock.GetLocalNow();
        _file.Write(string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss zzz}  {sentence}"));
        Listener?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss}  {sentence}"));
    }

    /// <summary>A change of one child's state, where a person would want to know of it.</summary>
    public void Note(string name, SupervisedState before, SupervisedState after, string? reason)
    {
        var sentence = after.Phase switch
        {
            ProcessPhase.Restarting => $"{name} ended ({Ending(after.ExitCode)}) and is started again in {after.Wait?.TotalSeconds:0.#} s.{(reason is null ? "" : $" {reason}")}",
            ProcessPhase.Ready when before.Phase == ProcessPhase.NotAnswering => $"{name} answers again.",
            ProcessPhase.Ready when after.Restarts > 0 => $"{name} is ready again (started {Counted.Of(after.Restarts + 1, "time")} so far).",
            ProcessPhase.NotAnswering => $"{name} runs but is not ready any more.{(reason is null ? "" : $" {reason}")}",
            _ => null,
        };
        if (sentence is not null) Write(sentence);
    }

    public void Dispose() => _file.Dispose();

    private static string Ending(int? exitCode) => exitCode switch
    {
        null or -1 => "could not be started",
        134 or 139 => "it crashed",
        137 => "it was killed",
        > 128 and < 160 => $"signal {exitCode - 128}",
        _ => $"exit code {exitCode}",
    };
}
