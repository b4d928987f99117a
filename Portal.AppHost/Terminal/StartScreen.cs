using System.Collections.Concurrent;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Spectre.Console;

namespace Portal.AppHost.Terminal;

/// <summary>What a person sees while everything starts: a line that moves in a terminal, a line now and then elsewhere.</summary>
internal static class StartScreen
{
    private static readonly TimeSpan MovingPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan QuietPause = TimeSpan.FromSeconds(15);

    /// <summary>Shows who is still missing until all are ready, and what happens meanwhile.</summary>
    /// <returns>False when that took longer than <paramref name="patience"/>.</returns>
    public static async Task<bool> WatchAsync(
        IAnsiConsole console, LocalEngine engine, EngineLog log, Task ready, TimeSpan patience, TimeProvider clock, CancellationToken stop)
    {
        // Lines come from any thread, and would tear a line that moves; at some restarts a second they are few.
        var lines = new ConcurrentQueue<string>();
        log.Listener = lines.Enqueue;
        var from = clock.GetTimestamp();
        async Task<bool> Loop(Action<string> show, TimeSpan every)
        {
            while (!ready.IsCompleted && clock.GetElapsedTime(from) < patience)
            {
                while (lines.TryDequeue(out var line)) console.WriteLine(line);
                if (engine.State is { } state) show(Sentence(state));
                await Task.WhenAny(ready, Task.Delay(every, clock, stop));
                stop.ThrowIfCancellationRequested();
            }

            while (lines.TryDequeue(out var line)) console.WriteLine(line);
            if (ready.IsCompleted) await ready;
            return ready.IsCompleted;
        }

        var isTerminal = console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal;
        var all = isTerminal
            ? await console.Status().StartAsync("Starting", status => Loop(text => status.Status(text.EscapeMarkup()), MovingPause))
            : await Loop(console.WriteLine, QuietPause);
        log.Listener = console.WriteLine;
        return all;
    }

    private static string Sentence(EngineState state)
    {
        var services = state.Services.ToArray();
        var missing = services.Where(service => service.Service.State != ProcessPhase.Ready).Select(service => service.Name).ToArray();
        var waiting = missing.Length switch
        {
            0 => "",
            <= 3 => $", waiting for {string.Join(", ", missing)}",
            _ => $", waiting for {missing[0]}, {missing[1]} and {missing.Length - 2} more",
        };
        return $"{services.Length - missing.Length} of {services.Length} services ready{waiting}";
    }
}
