using System.ComponentModel;

namespace Portal.AppHost.Processes;

/// <summary>
/// Keeps one child running: starts it, asks whether it is ready, starts it again with growing waits when it ends, ends
/// it when told. One loop; its state is read from anywhere.
/// </summary>
public sealed class SupervisedProcess(SupervisedOptions options, Func<ChildProcess> start, TimeProvider clock)
{
    // What a child said last is often why it ended; a grandchild that holds its output open must not delay the next start.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);
    private readonly Lock _lock = new();
    private SupervisedState _state = new(ProcessPhase.Starting, null, 0, null, null);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How others call it, <c>abc0001 ingest</c>.</summary>
    public string Name => options.Name;

    /// <summary>How it is right now.</summary>
    public SupervisedState State
    {
        get
        {
            lock (_lock) return _state;
        }
    }

    /// <summary>Ends once the state is as asked.</summary>
    public async Task WaitForAsync(Predicate<SupervisedState> condition, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition(_state)) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Runs the child until told to stop, then ends it and returns when it is gone.</summary>
    /// <param name="stop">Ends the child in order, within its grace.</param>
    /// <param name="kill">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        var endsInARow = 0;
        while (!stop.IsCancellationRequested)
        {
            var from = clock.GetTimestamp();
            var exitCode = await RunOnceAsync(stop, kill);
            if (stop.IsCancellationRequested) break;
            endsInARow = clock.GetElapsedTime(from) >= options.Backoff.ForgivenAfter ? 1 : endsInARow + 1;
            var wait = options.Backoff.After(endsInARow);
            Change(state => new(ProcessPhase.Restarting, null, state.Restarts + 1, exitCode, wait));
            await Task.Delay(wait, clock, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        Change(state => state with { Phase = ProcessPhase.Stopped, Process = null });
    }

    private async Task<int> RunOnceAsync(CancellationToken stop, CancellationToken kill)
    {
        ChildProcess child;
        try
        {
            child = start();
        }
        catch (Win32Exception e)
        {
            options.Line($"Could not be started: {e.Message}");
            return -1;
        }

        using (child)
        {
            Change(state => state with { Phase = ProcessPhase.Starting, Process = child.Identity, Wait = null });
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var watching = WatchAsync(ended.Token);
            await Task.WhenAny(child.Exited, Task.Delay(Timeout.InfiniteTimeSpan, clock, stop));
            await ended.CancelAsync();
            await watching;
            if (child.Exited.IsCompleted) return await child.FinishedAsync(LastWords);

            Change(state => state with { Phase = ProcessPhase.Stopping });
            using var impatient = kill.Register(child.Kill);
            await child.StopAsync(options.StopSignal, kill.IsCancellationRequested ? TimeSpan.Zero : options.Grace);
            return await child.FinishedAsync(LastWords);
        }
    }

    /// <summary>Asks for readiness often while it starts, seldom afterwards.</summary>
    private async Task WatchAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            bool ready;
            try
            {
                ready = await options.IsReady(ended);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (ended.IsCancellationRequested) return;
            Change(state => ready ? state with { Phase = ProcessPhase.Ready }
                : state.Phase == ProcessPhase.Ready ? state with { Phase = ProcessPhase.NotAnswering } : state);
            var pause = ready ? options.PollWhenReady : options.PollWhenStarting;
            await Task.Delay(pause, clock, ended).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Change(Func<SupervisedState, SupervisedState> change)
    {
        SupervisedState before, after;
        TaskCompletionSource changed;
        lock (_lock)
        {
            (before, after) = (_state, change(_state));
            if (before == after) return;
            _state = after;
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        options.Changed(before, after);
    }
}
