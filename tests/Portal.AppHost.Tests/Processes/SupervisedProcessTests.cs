using System.Collections.Concurrent;
using System.Diagnostics;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.Processes;

public sealed class SupervisedProcessTests : IAsyncLifetime, IDisposable
{
    private static readonly Backoff Quick = new() { First = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMilliseconds(80) };
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly ConcurrentQueue<SupervisedState> _states = new();
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _kill.CancelAsync();
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _kill.Dispose();
    }

    [Fact]
    public async Task A_child_that_is_killed_is_started_again_and_its_end_is_shown()
    {
        var process = Supervise("exec sleep 600");
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);
        var first = process.State.Process!;

        Signal.Send(first.Pid, Signal.Kill);

        await process.ReachesAsync(state => state is { Phase: ProcessPhase.Ready, Restarts: 1 });
        Assert.NotEqual(first, process.State.Process);
        Assert.False(first.IsAlive);
        Assert.Contains(_states, state => state is { Phase: ProcessPhase.Restarting, Process: null, ExitCode: 128 + Signal.Kill });
    }

    [Fact]
    public async Task A_child_that_keeps_crashing_is_started_again_after_growing_waits()
    {
        var process = Supervise("exit 3", isReady: _ => Task.FromResult(false));

        await process.ReachesAsync(state => state.Restarts == 5);

        var waits = _states.Where(state => state.Phase == ProcessPhase.Restarting).Select(state => state.Wait!.Value.TotalMilliseconds).Take(5);
        Assert.Equal([20, 40, 80, 80, 80], waits);
        Assert.All(_states.Where(state => state.Phase == ProcessPhase.Restarting), state => Assert.Equal(3, state.ExitCode));
    }

    [Fact]
    public void The_wait_doubles_up_to_its_limit_and_never_overflows()
    {
        var backoff = new Backoff();

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(1, 8).Select(ends => backoff.After(ends).TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), backoff.After(int.MaxValue));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_tried_again_and_not_an_error_of_the_engine()
    {
        var start = new ProcessStartInfo("/no/such/program") { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Supervise(() => ChildProcess.Start(start, _ => { }));

        await process.ReachesAsync(state => state.Restarts == 2);
    }

    [Fact]
    public async Task Stopping_asks_the_child_to_end_and_waits_for_it()
    {
        var (armed, last) = (new TaskCompletionSource(), new TaskCompletionSource());
        var process = Supervise(() => Shell.Start(
            "trap 'echo bye; exit 0' TERM; echo armed; while :; do sleep 0.05; done", line => (line == "bye" ? last : armed).TrySetResult()));
        await armed.Task.WaitAsync(Shell.Deadline);
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);
        var child = process.State.Process!;

        await _stop.CancelAsync();
        await _running.WaitAsync(Shell.Deadline);

        await last.Task.WaitAsync(Shell.Deadline);
        Assert.False(child.IsAlive);
        Assert.Equal(ProcessPhase.Stopped, process.State.Phase);
    }

    [Fact]
    public async Task A_child_that_does_not_listen_is_killed_after_its_grace()
    {
        var armed = new TaskCompletionSource();
        var process = Supervise(
            () => Shell.Start("trap '' TERM; echo armed; while :; do sleep 0.05; done", _ => armed.TrySetResult()), grace: TimeSpan.FromMilliseconds(300));
        await armed.Task.WaitAsync(Shell.Deadline);
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);
        var child = process.State.Process!;

        await _stop.CancelAsync();
        await _running.WaitAsync(Shell.Deadline);

        Assert.False(child.IsAlive);
    }

    [Fact]
    public async Task A_second_interruption_does_not_wait_for_the_grace()
    {
        var armed = new TaskCompletionSource();
        var process = Supervise(
            () => Shell.Start("trap '' TERM; echo armed; while :; do sleep 0.05; done", _ => armed.TrySetResult()), grace: TimeSpan.FromMinutes(10));
        await armed.Task.WaitAsync(Shell.Deadline);
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);

        await _stop.CancelAsync();
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Stopping);
        await _kill.CancelAsync();

        await _running.WaitAsync(Shell.Deadline);
        Assert.Equal(ProcessPhase.Stopped, process.State.Phase);
    }

    [Fact]
    public async Task A_child_waiting_to_be_started_again_is_not_started_once_told_to_stop()
    {
        var process = Supervise(() => Shell.Start("exit 1"), new Backoff { First = TimeSpan.FromHours(1), Longest = TimeSpan.FromHours(1) });
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Restarting);

        await _stop.CancelAsync();

        await _running.WaitAsync(Shell.Deadline);
        Assert.Equal(1, process.State.Restarts);
    }

    [Fact]
    public async Task Readiness_that_goes_and_comes_back_is_shown()
    {
        var ready = true;
        var process = Supervise("exec sleep 600", isReady: _ => Task.FromResult(Volatile.Read(ref ready)));
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);

        Volatile.Write(ref ready, false);
        await process.ReachesAsync(state => state.Phase == ProcessPhase.NotAnswering);
        Volatile.Write(ref ready, true);
        await process.ReachesAsync(state => state.Phase == ProcessPhase.Ready);

        Assert.Equal(0, process.State.Restarts);
    }

    private SupervisedProcess Supervise(string script, Func<CancellationToken, Task<bool>>? isReady = null) => Supervise(() => Shell.Start(script), isReady: isReady);

    private SupervisedProcess Supervise(
        Func<ChildProcess> start, Backoff? backoff = null, TimeSpan? grace = null, Func<CancellationToken, Task<bool>>? isReady = null)
    {
        var options = new SupervisedOptions
        {
            Name = "child",
            IsReady = isReady ?? (_ => Task.FromResult(true)),
            PollWhenStarting = TimeSpan.FromMilliseconds(10),
            PollWhenReady = TimeSpan.FromMilliseconds(10),
            Backoff = backoff ?? Quick,
            Grace = grace ?? TimeSpan.FromMinutes(1),
            Changed = (_, after) => _states.Enqueue(after),
        };
        var process = new SupervisedProcess(options, start, TimeProvider.System);
        _running = process.RunAsync(_stop.Token, _kill.Token);
        return process;
    }
}
