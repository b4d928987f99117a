using System.Diagnostics;

namespace Portal.AppHost.Processes;

/// <summary>A running child whose output goes line by line into a sink.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    /// <summary>Who it is.</summary>
    public ProcessIdentity Identity { get; private set; } = null!;

    /// <summary>Its exit code, once it has ended; 128 + n when signal n ended it.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Starts a program; its streams must be redirected, as <see cref="Detached.Start"/> does.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ChildProcess Start(ProcessStartInfo start, Action<string> line)
    {
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(process);
        void Take(object _, DataReceivedEventArgs e)
        {
            if (e.Data is not null) line(e.Data);
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        // WaitForExitAsync would also wait for the end of the output, which a grandchild can hold open.
        process.Exited += (_, _) => child._exited.TrySetResult(process.ExitCode);
        process.Start();
        // A child that is gone already had no time to be mistaken for another.
        child.Identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, "ended");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>
    /// Its exit code, once all it said has been handed on as well; what it started itself may hold its output open, so
    /// that is waited for only so long.
    /// </summary>
    public async Task<int> FinishedAsync(TimeSpan limit)
    {
        var exitCode = await Exited;
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(limit, TimeProvider.System));
        return exitCode;
    }

    /// <summary>Asks it to end, and kills it when it has not within <paramref name="grace"/>. Returns once it is gone.</summary>
    public async Task StopAsync(int signal, TimeSpan grace)
    {
        if (!Identity.IsAlive)
        {
            await Exited;
            return;
        }

        if (grace > TimeSpan.Zero)
        {
            Signal.Send(Identity.Pid, signal);
            if (await Task.WhenAny(Exited, Task.Delay(grace, TimeProvider.System)) == Exited) return;
        }

        Kill();
        await Exited;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        if (Identity.IsAlive) Signal.Send(Identity.Pid, Signal.Kill);
    }

    /// <summary>Ends it and all that it started, at once.</summary>
    public void KillTree()
    {
        if (Identity.IsAlive) _process.Kill(entireProcessTree: true);
    }

    public void Dispose() => _process.Dispose();
}
