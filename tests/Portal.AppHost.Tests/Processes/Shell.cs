using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.Processes;

/// <summary>Real processes to look after, as short shell scripts.</summary>
internal static class Shell
{
    /// <summary>How long a test waits for what should happen within a blink.</summary>
    public static TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public static ChildProcess Start(string script, Action<string>? line = null) =>
        ChildProcess.Start(Detached.Start(["/bin/sh", "-c", script]), line ?? (_ => { }));

    /// <summary>Waits for a state, and fails with the last one seen when it doesn't come.</summary>
    public static async Task ReachesAsync(this SupervisedProcess process, Predicate<SupervisedState> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForAsync(condition, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{process.Name} stayed at {process.State}");
        }
    }

    /// <summary>Waits until something holds.</summary>
    public static Task EventuallyAsync(Func<bool> condition, string otherwise) =>
        EventuallyAsync(() => Task.FromResult(condition()), () => otherwise, Deadline, TimeSpan.FromMilliseconds(20));

    /// <summary>Waits until something holds that takes a while, and costs something to ask for.</summary>
    public static Task EventuallyAsync(Func<Task<bool>> condition, string otherwise, TimeSpan deadline) =>
        EventuallyAsync(condition, () => otherwise, deadline);

    /// <inheritdoc cref="EventuallyAsync(Func{Task{bool}}, string, TimeSpan)"/>
    public static Task EventuallyAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan deadline) =>
        EventuallyAsync(condition, otherwise, deadline, TimeSpan.FromMilliseconds(100));

    private static async Task EventuallyAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan deadline, TimeSpan pause)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(from) > deadline) Assert.Fail(otherwise());
            await Task.Delay(pause, TimeProvider.System);
        }
    }
}
