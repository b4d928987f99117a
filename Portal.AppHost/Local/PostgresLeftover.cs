using System.Globalization;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>A server that an interrupted run left on a data folder, or the note of one that is gone.</summary>
public static class PostgresLeftover
{
    private static readonly TimeSpan FastLimit = TimeSpan.FromSeconds(20);

    /// <summary>Ends the server that still works on <paramref name="data"/>, and takes away a note that would keep the next one from starting.</summary>
    public static async Task EndAsync(string data, CancellationToken cancel)
    {
        var note = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(note)) return;
        if (ServerOf(note, data) is not { } server)
        {
            // The number may belong to another program by now; the server would take that for one of its own kind.
            File.Delete(note);
            return;
        }

        Signal.Send(server.Pid, Signal.Interrupt);
        if (await GoneAsync(server, FastLimit, cancel)) return;
        Signal.Send(server.Pid, Signal.Quit);
        if (await GoneAsync(server, TimeSpan.FromSeconds(6), cancel)) return;
        Signal.Send(server.Pid, Signal.Kill);
        await GoneAsync(server, TimeSpan.FromSeconds(6), cancel);
    }

    /// <summary>The server's main process, if it runs: its number stands in the note, and it works in the data folder.</summary>
    private static ProcessIdentity? ServerOf(string note, string data)
    {
        var first = File.ReadLines(note).FirstOrDefault()?.Trim();
        if (!int.TryParse(first, CultureInfo.InvariantCulture, out var pid) || ProcessIdentity.Of(pid) is not { } process) return null;
        if (!Directory.Exists("/proc/self")) return process;
        return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName == data ? process : null;
    }

    private static async Task<bool> GoneAsync(ProcessIdentity process, TimeSpan limit, CancellationToken cancel)
    {
        var clock = TimeProvider.System;
        var from = clock.GetTimestamp();
        while (process.IsAlive)
        {
            if (clock.GetElapsedTime(from) > limit) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancel);
        }

        return true;
    }
}
