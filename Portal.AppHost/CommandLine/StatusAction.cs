using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Terminal;
using Spectre.Console;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal status</c>: what runs, where, and how it is. Answers 1 when nothing runs.</summary>
internal static class StatusAction
{
    public static int Run(bool json, StateFolder folder)
    {
        var engine = EngineLock.Holder(folder);
        var state = engine is null ? null : StateFile.Read(folder);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(StatusDocument.Of(state is null ? null : Checked(state)), StatusDocument.Json));
            return state is null ? 1 : 0;
        }

        if (engine is null) AnsiConsole.MarkupLine("Nothing runs. [bold]./portal up[/] starts it.");
        else if (state is null) AnsiConsole.MarkupLine($"Starting (process {engine.Pid}); nothing to show yet.");
        else StacksTable.Print(AnsiConsole.Console, Checked(state), SignIn.Text(folder));
        return state is null ? 1 : 0;
    }

    /// <summary>A process that was killed this very moment is not called ready for the blink until the engine notes it.</summary>
    private static EngineState Checked(EngineState state) => state with
    {
        Gateway = Checked(state.Gateway),
        Stacks = [.. state.Stacks.Select(stack => stack with { Services = [.. stack.Services.Select(Checked)] })],
    };

    private static ServiceState Checked(ServiceState service) =>
        service.Process is { IsAlive: false } ? service with { State = ProcessPhase.Restarting, Process = null } : service;
}
