using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;
using Spectre.Console;

namespace Portal.AppHost.Terminal;

/// <summary>The one table: where each stack is opened, how to sign in, how each of its services is.</summary>
internal static class StacksTable
{
    /// <summary>Prints the table, and below it what is wrong, where something is.</summary>
    /// <param name="signIn">Mail address and password, or a hint where the password is not the default.</param>
    public static void Print(IAnsiConsole console, EngineState state, string signIn)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).ShowRowSeparators();
        table.AddColumn(new TableColumn("[bold]Stack[/]").NoWrap());
        table.AddColumn(new TableColumn("[bold]Open, and sign in as[/]").NoWrap());
        table.AddColumn(new TableColumn("[bold]Services[/]").NoWrap());
        foreach (var stack in state.Stacks)
            table.AddRow(
                new Markup($"[bold]{stack.Code}[/]\n[grey]{(stack.Mode == RunMode.Admin ? "operators" : "customer")}[/]"),
                new Markup($"[link={stack.Url}]{stack.Url}[/]\n{signIn.EscapeMarkup()}"),
                new Markup(string.Join('\n', stack.Services.Select(Line).Concat(stack.Simulator is { } meters ? [Line(meters)] : []))));
        table.AddRow(new Markup("[grey]shared[/]"), new Markup($"[grey]gateway   {state.Gateway.Url}\ndatabase  {Address(state.Database)}[/]"),
            new Markup($"{Line(state.Gateway)}\n{Line("database", state.Database.State ?? ProcessPhase.Ready)}"));
        console.Write(table);
        if (state.Fleet is { } fleet) console.WriteLine($"Fleet: {fleet}");
        if (state.Grafana is { } grafana) console.WriteLine($"Grafana: {grafana}");
        foreach (var (name, service) in state.Programs.Where(service => NeedsAWord(service.Service)))
        {
            var said = service.State == ProcessPhase.Ready ? "" : $" {service.Note?.EscapeMarkup()}";
            console.MarkupLine($"{name}: {Word(service.State)}{Again(service.Restarts)}.{said}\n  [grey]{StateFolder.Readable(service.Log).EscapeMarkup()}[/]");
        }
    }

    // A first start that is under way stands in the table already.
    private static bool NeedsAWord(ServiceState service) =>
        service.Restarts > 0 || (service.State != ProcessPhase.Ready && !(service.State == ProcessPhase.Starting && string.IsNullOrEmpty(service.Note)));

    private static string Address(DatabaseState database) => database.Port == 0 ? database.Host : $"{database.Host}:{database.Port}";

    private static string Line(ServiceState service) => Line(service.Name, service.State);

    private static string Line(string name, ProcessPhase phase)
    {
        var colour = phase switch
        {
            ProcessPhase.Ready => "green",
            ProcessPhase.Starting => "yellow",
            ProcessPhase.Stopping or ProcessPhase.Stopped => "grey",
            _ => "red",
        };
        var word = name == Simulator.Name && phase == ProcessPhase.Ready ? "posting" : Word(phase);
        return $"[{colour}]●[/] {name,-10} {word}";
    }

    private static string Again(int restarts) => restarts == 0 ? "" : $", started again {Counted.Of(restarts, "time")}";

    private static string Word(ProcessPhase phase) => phase switch
    {
        ProcessPhase.Ready => "ready",
        ProcessPhase.Starting => "starting",
        ProcessPhase.NotAnswering => "not answering",
        ProcessPhase.Restarting => "restarting",
        ProcessPhase.Stopping => "stopping",
        _ => "stopped",
    };
}
