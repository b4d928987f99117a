using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Portal.AppHost.Processes;

/// <summary>
/// A process as it can be told apart from a later one that was given the same number: its id and when it started.
/// Written down while a stack runs, so that what an interrupted run left behind is ended by identity, never by name.
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="Started">Opaque: equal for the same process, different for any other on this machine.</param>
public sealed record ProcessIdentity(int Pid, string Started)
{
    /// <summary>Whether this very process is still running; one that has ended and only waits to be reaped is not.</summary>
    [JsonIgnore]
    public bool IsAlive => Of(Pid) is { } now && now.Started == Started;

    /// <summary>The identity of a running process, or null when there is none with this id.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (pid <= 0) return null;
        return OperatingSystem.IsLinux() ? OfLinux(pid) : OfOther(pid);
    }

    /// <summary>The identity of this program itself.</summary>
    public static ProcessIdentity Own => Of(Environment.ProcessId)!;

    private static ProcessIdentity? OfLinux(int pid)
    {
        try
        {
            // "4711 (name, may hold spaces and parentheses) S 1 …": the state is the first field behind the name, the
            // start in ticks since boot the twentieth (proc(5)). Ticks don't move when the clock is set, unlike a time.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(pid, $"{Boot.Value}:{fields[19]}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessIdentity? OfOther(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited
                ? null
                : new(pid, new DateTimeOffset(process.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private static readonly Lazy<string> Boot = new(() =>
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()[..8] : "");
}
