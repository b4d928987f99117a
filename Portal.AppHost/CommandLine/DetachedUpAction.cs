using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Terminal;
using Spectre.Console;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal up --detach</c>: the same in the background; returns when everything is ready.</summary>
internal static class DetachedUpAction
{
    /// <summary>A cold start may install the database server first.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, UpOptions options, StateFolder folder, TimeProvider clock)
    {
        if (EngineLock.Holder(folder) is not null) throw UpAction.AlreadyRunning(folder);
        var console = AnsiConsole.Console;
        using var interruption = new Interruption();
        var output = folder.Log(null, "up");
        var secrets = new Dictionary<string, string?> { [UpCommand.AdminPasswordVariable] = options.AdminPassword, [UpCommand.DatabaseVariable] = options.Database };
        using var child = Detachment.Start(arguments, secrets, output);
        var from = clock.GetTimestamp();
        console.MarkupLine("[grey]Starting in the background.[/]");
        while (!child.HasExited && clock.GetElapsedTime(from) < Patience)
        {
            if (StateFile.Read(folder) is { Phase: EnginePhase.Ready } ready && ready.Process.Pid == child.Id)
            {
                StacksTable.Print(console, ready, SignIn.Text(folder));
                console.MarkupLine($"[green]Ready[/] after {clock.GetElapsedTime(from).TotalSeconds:0} s, in the background. [bold]./portal down[/] stops it.");
                return 0;
            }

            if (interruption.Stop.IsCancellationRequested)
            {
                Signal.Send(child.Id, Signal.Terminate);
                await child.WaitForExitAsync(interruption.Kill);
                return 1;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), clock);
        }

        if (child.HasExited)
        {
            console.WriteLine(await File.ReadAllTextAsync(output));
            return child.ExitCode == 0 ? 1 : child.ExitCode;
        }

        console.MarkupLine($"[red]Not everything is ready after {Patience.TotalMinutes:0} minutes.[/] It goes on being tried; [bold]./portal down[/] stops it.");
        if (StateFile.Read(folder) is { } state) StacksTable.Print(console, state, SignIn.Text(folder));
        return 1;
    }
}
