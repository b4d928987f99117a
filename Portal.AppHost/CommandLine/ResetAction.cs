using Portal.AppHost.Local;
using Spectre.Console;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal reset</c>: stops everything and takes all data of this machine's stacks away.</summary>
internal static class ResetAction
{
    public static async Task<int> RunAsync(bool yes, StateFolder folder, TimeProvider clock)
    {
        var console = AnsiConsole.Console;
        if (!Directory.Exists(folder.Root))
        {
            console.MarkupLine($"There is nothing to take away: {StateFolder.Readable(folder.Root).EscapeMarkup()} does not exist.");
            return 0;
        }

        if (!yes)
        {
            if (Console.IsInputRedirected) throw new UsageException("reset asks before it deletes, and there is nobody to ask here. Say --yes to delete without asking.");
            if (!await console.ConfirmAsync($"Stop everything and delete all measurements, users and logs in {StateFolder.Readable(folder.Root).EscapeMarkup()}?", defaultValue: false)) return 1;
        }

        await DownAction.RunAsync(folder, clock);
        using (var held = EngineLock.TryTake(folder) ?? throw UpAction.AlreadyRunning(folder))
        {
            PostgresFolder.Delete(folder.Postgres);
            foreach (var inside in Directory.EnumerateDirectories(folder.Root)) Directory.Delete(inside, recursive: true);
            foreach (var inside in Directory.EnumerateFiles(folder.Root).Where(file => file != folder.Lock)) File.Delete(inside);
        }

        console.MarkupLine("Deleted. [bold]./portal up[/] starts afresh.");
        return 0;
    }
}
