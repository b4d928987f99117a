using System.Globalization;
using System.Text.Json.Nodes;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>Starting, stopping, and what is left when something is killed.</summary>
[Collection(WholeProduct.Name)]
public sealed class LifeCycleTests
{
    private const int Stop = 19;

    [PostgresFact]
    public async Task Nothing_outlives_a_stop_or_a_kill_and_the_data_outlives_both()
    {
        await using var portal = new RunningPortal();
        var (exitCode, output) = await portal.UpAsync(customers: 1);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"http://abc0001.localhost:{portal.Port}", output, StringComparison.Ordinal);
        Assert.Contains("admin@portal.local / Portal-dev-1", output, StringComparison.Ordinal);

        // A second one says so, and disturbs nothing.
        var (second, said) = await portal.UpAsync(customers: 1);
        Assert.Equal(2, second);
        Assert.Contains("run already", said, StringComparison.Ordinal);

        using (var abc = await StackClient.SignInAsync(portal.Port, "abc0001")) await abc.AddDeviceAsync("KEPT");

        // A child that hangs does not keep the others from ending, nor does it stay.
        var status = await portal.StatusAsync();
        var children = Children(status);
        Signal.Send((int)RunningPortal.Service(status, "abc0001", "web")["pid"]!, Stop);
        var from = TimeProvider.System.GetTimestamp();
        var (down, stopped) = await portal.RunAsync("down");
        Assert.True(down == 0, stopped);
        // Ten seconds are what it may take; a busy machine is given more, and one that waits for the child would take for ever.
        Assert.InRange(TimeProvider.System.GetElapsedTime(from), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.All(children, child => Assert.False(child.IsAlive));

        // What was stored is there at the next start; an engine that is killed leaves children, which down then ends.
        Assert.Equal(0, (await portal.UpAsync(customers: 1)).ExitCode);
        using (var abc = await StackClient.SignInAsync(portal.Port, "abc0001"))
            Assert.Contains("KEPT", (await abc.GetAsync("/api/devices")).ToJsonString(), StringComparison.Ordinal);
        status = await portal.StatusAsync();
        children = Children(status);
        var engine = ProcessIdentity.Of((int)status["pid"]!)!;
        Signal.Send(engine.Pid, Signal.Kill);
        await Shell.EventuallyAsync(() => !engine.IsAlive, "the engine is still there");
        Assert.Equal((0, $"Stopped {children.Length} processes that an interrupted run had left."), await portal.RunAsync("down"));
        Assert.All(children, child => Assert.False(child.IsAlive));
    }

    [PostgresFact]
    public async Task SIGTERM_ends_a_start_that_is_still_under_way()
    {
        await using var portal = new RunningPortal();
        var said = new TaskCompletionSource();
        using var up = CommandLine.PortalProgram.Start(
            portal.Folder, line => _ = line.Contains("services ready", StringComparison.Ordinal) && said.TrySetResult(),
            "up", "--engine", "local", "--no-simulator", "--customers", "1", "--port", portal.Port.ToString(CultureInfo.InvariantCulture));
        await said.Task.WaitAsync(TimeSpan.FromMinutes(2));
        var children = Children(await portal.StatusAsync());

        Signal.Send(up.Identity.Pid, Signal.Terminate);

        Assert.Equal(0, await up.Exited.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.All(children, child => Assert.False(child.IsAlive));
        Assert.Equal((0, "Nothing was running."), await portal.RunAsync("down"));
    }

    [PostgresFact]
    public Task A_terminal_that_is_closed_while_everything_starts_leaves_nothing() => NothingOutlivesTheTerminalAsync("starting");

    [PostgresFact]
    public Task A_terminal_that_is_closed_later_leaves_nothing() => NothingOutlivesTheTerminalAsync("ready");

    private static async Task NothingOutlivesTheTerminalAsync(string phase)
    {
        // It gives a program a terminal of its own. Part of every Debian, so only a laptop may lack it.
        if (!File.Exists("/usr/bin/script"))
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, "/usr/bin/script is missing: install bsdutils.");
            return;
        }

        await using var portal = new RunningPortal();
        string[] line =
        [
            // Below nohup, as some run their tests, a closed terminal would be ignored, and rightly so.
            "/usr/bin/env", "--default-signal=HUP",
            Portal.AppHost.Local.Repository.Dotnet, CommandLine.PortalProgram.Repository.Program("Portal.AppHost"),
            "up", "--engine", "local", "--no-simulator", "--customers", "1", "--port", portal.Port.ToString(CultureInfo.InvariantCulture),
        ];
        using var terminal = ChildProcess.Start(
            Detached.Start(["/usr/bin/script", "-qfc", string.Join(' ', line), "/dev/null"], CommandLine.PortalProgram.Repository.Root, new Dictionary<string, string?> { ["PORTAL_STATE"] = portal.Folder }),
            _ => { });
        JsonNode status;
        var from = TimeProvider.System.GetTimestamp();
        while ((string?)(status = await portal.StatusAsync())["phase"] != phase || !AllRun(status))
            Assert.True(TimeProvider.System.GetElapsedTime(from) < TimeSpan.FromMinutes(2), $"it is not {phase}: {status.ToJsonString()}");
        var children = Children(status);
        var engine = ProcessIdentity.Of((int)status["pid"]!)!;

        Signal.Send(terminal.Identity.Pid, Signal.Kill);

        await Shell.EventuallyAsync(() => !engine.IsAlive && !Array.Exists(children, child => child.IsAlive), "something outlived the terminal");
        Assert.Equal((0, "Nothing was running."), await portal.RunAsync("down"));
    }

    private static bool AllRun(JsonNode status) =>
        status["stacks"]!.AsArray().SelectMany(stack => stack!["services"]!.AsArray()).Append(status["gateway"]).All(service => service!["pid"] is not null);

    private static ProcessIdentity[] Children(System.Text.Json.Nodes.JsonNode status) => [.. RunningPortal.Pids(status).Select(pid => ProcessIdentity.Of(pid)!)];
}
