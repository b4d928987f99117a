using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Spectre.Console;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal down</c>: asks the engine to end; ends what is left when it doesn't.</summary>
internal static class DownAction
{
    // With the leftovers' own limits this stays below ten seconds only because an engine that hangs is rare: its
    // children had their signal from it already.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(StateFolder folder, TimeProvider clock)
    {
        var console = AnsiConsole.Console;
        var from = clock.GetTimestamp();
        var engine = EngineLock.Holder(folder);
        if (engine is not null)
        {
            Signal.Send(engine.Pid, Signal.Terminate);
            while (engine.IsAlive && clock.GetElapsedTime(from) < Patience) await Task.Delay(TimeSpan.FromMilliseconds(50), clock);
            if (engine.IsAlive) Signal.Send(engine.Pid, Signal.Kill);
        }

        var left = await Leftovers.EndAsync(folder, CancellationToken.None);
        if (engine is null && left == 0) console.MarkupLine("Nothing was running.");
        else if (engine is null) console.MarkupLine($"Stopped {left} processes that an interrupted run had left.");
        else console.MarkupLine($"Stopped after {clock.GetElapsedTime(from).TotalSeconds:0.0} s.");
        return 0;
    }
}
