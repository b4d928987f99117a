using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;

namespace Portal.AppHost.CommandLine;

/// <summary>What <c>./portal</c> understands.</summary>
internal static class PortalCommand
{
    /// <summary>The command line was not understood, or asked for what can't be done.</summary>
    public const int Misused = 2;

    public static async Task<int> RunAsync(string[] args, TimeProvider clock)
    {
        var parsed = Root(clock).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.UnmatchedTokens.Count > 0 ? parsed.Errors.Where(error => error.Message != "Required command was not provided.") : parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            var command = string.Concat(parsed.CommandResult.Command.Parents.OfType<Command>().Append(parsed.CommandResult.Command).Where(one => one is not RootCommand).Select(one => $" {one.Name}"));
            await Console.Error.WriteLineAsync($"See what is possible with: ./portal{command} --help");
            return Misused;
        }

        try
        {
            // Ctrl-C and SIGTERM are taken by the commands themselves, which know how to stop in order.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (e is UsageException or PostgresUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Misused;
        }
        catch (StepFailedException e)
        {
            await Console.Error.WriteLineAsync(e.Next is { } next ? $"{e.Message}\n{next}" : e.Message);
            return 1;
        }
    }

    /// <summary>All of it, as it is parsed.</summary>
    internal static RootCommand Root(TimeProvider clock)
    {
        var json = new Option<bool>("--json") { Description = "For programs." };
        var status = new Command("status", "Show what runs, where, and how it is.") { json };
        status.SetAction(parsed => StatusAction.Run(parsed.GetValue(json), Folder()));

        var down = new Command("down", "Stop what runs.");
        down.SetAction((_, _) => DownAction.RunAsync(Folder(), clock));

        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        var reset = new Command("reset", "Stop what runs and delete all its data.") { yes };
        reset.SetAction((parsed, _) => ResetAction.RunAsync(parsed.GetValue(yes), Folder(), clock));

        return new RootCommand("The Tau Acuvim Portal: runs a fleet of stacks with simulated meters on this machine, and publishes and operates customers' stacks.")
        {
            new UpCommand(clock), down, status, reset, new PublishCommand(), new ImagesCommand(), new ProvisionCommand(clock), new VerifyCommand(clock), new UpdateCommand(clock), new RolloutCommand(clock), new DecommissionCommand(clock), new BackupCommand(clock), new RestoreCommand(clock), new RotateCommand(clock), new TestCommand(clock), new BenchCommand(),
        };
    }

    private static StateFolder Folder() => StateFolder.Find(Repository.Find());
}
