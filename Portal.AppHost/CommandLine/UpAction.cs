using System.Globalization;
using Portal.AppHost.Local;
using Portal.AppHost.Terminal;
using Spectre.Console;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal up</c> with the local engine, in the terminal until Ctrl-C.</summary>
internal static class UpAction
{
    /// <summary>After this long a person should see what is missing, rather than wait on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(UpOptions options, StateFolder folder, Repository repository, TimeProvider clock)
    {
        if (OperatingSystem.IsWindows()) throw new UsageException("--engine local runs on Linux and macOS. Use --engine aspire here, or WSL.");
        var console = AnsiConsole.Console;
        using var held = EngineLock.TryTake(folder) ?? throw AlreadyRunning(folder);
        using var interruption = new Interruption();
        if (await Leftovers.EndAsync(folder, interruption.Stop) is > 0 and var left) console.MarkupLine($"[grey]Ended {left} processes that an interrupted run had left.[/]");
        if (!FreePort.IsFree(options.Port)) throw new UsageException($"--port {options.Port}: another program listens there already. Choose another port, for example --port {FreePort.Next()}.");

        using var log = new EngineLog(folder, clock);
        using var engine = new LocalEngine(folder, repository, log, clock);
        using var impatient = interruption.Kill.Register(engine.Kill);
        try
        {
            var from = clock.GetTimestamp();
            await engine.StartAsync(options, line => console.MarkupLine($"[grey]{line.EscapeMarkup()}[/]"), interruption.Stop);
            var ready = engine.ReadyAsync(interruption.Stop);
            if (!await StartScreen.WatchAsync(console, engine, log, ready, Patience, clock, interruption.Stop))
            {
                console.MarkupLine($"[red]Not everything is ready after {Patience.TotalMinutes:0} minutes.[/] It goes on being tried; Ctrl-C stops it.");
                StacksTable.Print(console, engine.State!, SignIn.Text(folder));
                await ready;
            }

            StacksTable.Print(console, engine.State!, SignIn.Text(folder));
            console.MarkupLine(Closing(options, clock.GetElapsedTime(from), folder));
            await interruption.WaitAsync();
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
        }
        finally
        {
            if (engine.State is not null) console.MarkupLine("[grey]Stopping.[/]");
            await engine.StopAsync();
        }

        console.MarkupLine("[grey]Stopped.[/]");
        return 0;
    }

    public static UsageException AlreadyRunning(StateFolder folder)
    {
        var holder = EngineLock.Holder(folder);
        var state = StateFile.Read(folder);
        var what = state is null ? "" : $": {string.Join(", ", state.Stacks.Select(stack => stack.Url))}";
        return new($"The stacks in {StateFolder.Readable(folder.Root)} run already (process {holder?.Pid.ToString(CultureInfo.InvariantCulture) ?? "unknown"}){what}.\n"
            + "  ./portal status   shows how they are\n  ./portal down     stops them");
    }

    private static string Closing(UpOptions options, TimeSpan took, StateFolder folder)
    {
        var meters = options.Simulate ? "Meters post, and are filling in the last 7 days. " : "";
        return $"[green]Ready[/] after {took.TotalSeconds:0} s. {meters}Logs are in {StateFolder.Readable(folder.Logs).EscapeMarkup()}. [bold]Ctrl-C[/] stops everything.";
    }
}
