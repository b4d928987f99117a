using System.Diagnostics;
using Portal.AppHost.Processes;

namespace Portal.Testing;

/// <summary>
/// A small process beside this one that ends the test cluster and takes its files away once this one is gone, however it
/// went: test hosts are killed a tenth of a second after their last test, which is too short to do it by ourselves.
/// </summary>
internal static class Guardian
{
    // It reads from us until we are gone; then the server, if it is still that of this folder, ends at once.
    private const string Script =
        """
        exec >/dev/null 2>&1
        cat
        data=$1/pg/data
        pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
        case "$(ps -o args= -p "${pid:-0}" 2>/dev/null)" in
          *"$data"*)
            kill -QUIT "$pid"
            i=0
            while kill -0 "$pid" 2>/dev/null && [ "$i" -lt 100 ]; do sleep 0.1; i=$((i + 1)); done ;;
        esac
        rm -rf "$1"
        """;

    // Held for as long as we live: its input is what the guardian waits on.
    private static Process? _process;

    public static void Watch(string folder)
    {
        var start = Detached.Start(["/bin/sh", "-c", Script, "guardian", folder]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = false;
        start.RedirectStandardError = false;
        _process = Process.Start(start);
    }
}
