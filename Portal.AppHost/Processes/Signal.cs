using System.Runtime.InteropServices;

namespace Portal.AppHost.Processes;

/// <summary>POSIX signals to one process. .NET itself can only kill.</summary>
public static class Signal
{
    /// <summary>Asks to end: services shut down in order, the database waits for its clients.</summary>
    public const int Terminate = 15;

    /// <summary>The database's fast shutdown: drops its clients, writes everything down, ends.</summary>
    public const int Interrupt = 2;

    /// <summary>The database's immediate shutdown: like a crash, recovered at the next start.</summary>
    public const int Quit = 3;

    /// <summary>Ends a process that no longer listens.</summary>
    public const int Kill = 9;

    /// <summary>Sends a signal; false when there is no such process or it is not ours.</summary>
    public static bool Send(int pid, int signal) => pid > 1 && NativeKill(pid, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int pid, int signal);
}
