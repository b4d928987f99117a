using Portal.AppHost.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Registration;
using Portal.AppHost.Terminal;
using Portal.AppHost.Topology;
using Spectre.Console;

namespace Portal.AppHost.Aspire;

/// <summary>Runs the topology under Aspire, with its dashboard.</summary>
internal static class AspireEngine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>With Aspire's own arguments: started by its tools, or publishing.</summary>
    public static async Task<int> RunAsync(string[] args, UpOptions options)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        AspireModel.Add(builder, options, StateFolder.Find(Repository.Find()));
        AspirePublishStep.Add(builder, options);
        await builder.Build().RunAsync();
        return 0;
    }

    /// <summary><c>./portal up --engine aspire</c>: until Ctrl-C, with the same table as the local engine once everything answers.</summary>
    public static async Task<int> UpAsync(UpOptions options, StateFolder folder, TimeProvider clock)
    {
        var console = AnsiConsole.Console;
        using var held = EngineLock.TryTake(folder) ?? throw UpAction.AlreadyRunning(folder);
        using var interruption = new Interruption();
        await Leftovers.EndAsync(folder, interruption.Stop);
        if (!FreePort.IsFree(options.Port)) throw new UsageException($"--port {options.Port}: another program listens there already. Choose another port, for example --port {FreePort.Next()}.");
        options = options with { AdminPassword = await AdminPassword.ResolveAsync(folder, options.AdminPassword, interruption.Stop) };

        var dashboard = DashboardUrl();
        var builder = DistributedApplication.CreateBuilder([]);
        AspireModel.Add(builder, options, folder);
        await using var app = builder.Build();
        var registration = new CustomerRegistration(options, options.AdminPassword!, folder, clock);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(interruption.Stop);
        try
        {
            var from = clock.GetTimestamp();
            await app.StartAsync(interruption.Stop);
            var stacks = Stacks.Fleet(options.Customers, options.Simulate);
            var state = State(options, stacks, clock);
            StateFile.Write(folder, state);
            console.MarkupLine($"[grey]Dashboard: {dashboard} (the line above with ?t= signs you in).[/]");
            while (!await AnswerAsync(options, stacks, interruption.Stop)) await Task.Delay(Pause, clock, interruption.Stop);
            state = state with { Phase = EnginePhase.Ready, Gateway = state.Gateway with { State = ProcessPhase.Ready } };
            await registration.StartAsync(
                sentence =>
                {
                    StateFile.Write(folder, state with { Fleet = sentence });
                    console.WriteLine($"Fleet: {sentence}");
                },
                stopping.Token);
            state = state with { Fleet = registration.Said };
            StateFile.Write(folder, state);
            StacksTable.Print(console, state, SignIn.Text(folder));
            console.MarkupLine($"[green]Ready[/] after {clock.GetElapsedTime(from).TotalSeconds:0} s. Each service is shown on the dashboard. [bold]Ctrl-C[/] stops everything.");
            await interruption.WaitAsync();
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
        }
        finally
        {
            await stopping.CancelAsync();
            await registration.EndAsync();
            await app.StopAsync(interruption.Kill);
            StateFile.Delete(folder);
        }

        return 0;
    }

    /// <summary>Aspire takes the dashboard's addresses from a launch profile; this program has none, so it sets what is missing.</summary>
    private static string DashboardUrl()
    {
        var url = Default("ASPNETCORE_URLS", $"http://localhost:{FreePort.Next()}");
        Default("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://localhost:{FreePort.Next()}");
        Default("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", $"http://localhost:{FreePort.Next()}");
        Default("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
        // Generated passwords are kept with the user's secrets, which are read in Development only.
        Default("DOTNET_ENVIRONMENT", "Development");
        return url;
    }

    private static string Default(string variable, string value)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given) return given;
        Environment.SetEnvironmentVariable(variable, value);
        return value;
    }

    /// <summary>Whether every stack's API is ready, asked the way people come: through the gateway.</summary>
    private static async Task<bool> AnswerAsync(UpOptions options, IReadOnlyList<Stack> stacks, CancellationToken cancel)
    {
        foreach (var stack in stacks)
            if (!await HealthProbe.IsReadyAsync($"http://127.0.0.1:{options.Port}/health/ready", cancel, stack.Host(UpOptions.Domain))) return false;
        return true;
    }

    // Which process runs what is Aspire's business, so the stacks are listed without their services.
    private static EngineState State(UpOptions options, IReadOnlyList<Stack> stacks, TimeProvider clock) => new()
    {
        Engine = EngineChoice.Aspire,
        Process = ProcessIdentity.Own,
        StartedAt = clock.GetUtcNow(),
        Phase = EnginePhase.Starting,
        Gateway = new(Gateway.Name, $"http://127.0.0.1:{options.Port}", ProcessPhase.Starting, 0, null, ""),
        Database = new("timescale (container)", 0, null, null, null, null, null),
        Stacks = [.. stacks.Select(stack => new StackState(stack.Code, stack.Mode, options.UrlOf(stack.Code), stack.Database, [], null))],
    };
}
