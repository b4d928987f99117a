using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>What an engine that was killed left running, ended by the identities that it wrote down.</summary>
internal static class Leftovers
{
    /// <summary>Ends what is left and forgets the state. Takes some seven seconds at most.</summary>
    /// <returns>How many processes were still there.</returns>
    public static async Task<int> EndAsync(StateFolder folder, CancellationToken cancel)
    {
        if (StateFile.Read(folder) is not { } state) return 0;
        var ended = await EndAsync([.. state.Children], Signal.Terminate, TimeSpan.FromSeconds(3), cancel);
        if (state.Database.Process is { } database) ended += await EndAsync([database], Signal.Interrupt, TimeSpan.FromSeconds(3), cancel);
        StateFile.Delete(folder);
        return ended;
    }

    private static async Task<int> EndAsync(ProcessIdentity[] processes, int signal, TimeSpan grace, CancellationToken cancel)
    {
        var alive = processes.Where(process => process.IsAlive).ToArray();
        foreach (var process in alive) Signal.Send(process.Pid, signal);
        if (await GoneAsync(alive, grace, cancel)) return alive.Length;
        foreach (var process in alive.Where(process => process.IsAlive)) Signal.Send(process.Pid, Signal.Kill);
        await GoneAsync(alive, TimeSpan.FromSeconds(1), cancel);
        return alive.Length;
    }

    private static async Task<bool> GoneAsync(ProcessIdentity[] processes, TimeSpan limit, CancellationToken cancel)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (processes.Any(process => process.IsAlive))
        {
            if (TimeProvider.System.GetElapsedTime(from) > limit) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
        }

        return true;
    }
}
