using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portal.Testing;

/// <summary>
/// Starts TimescaleDB servers for tests: one process of <c>tests/timescale/server.mjs</c> per database, which ends with
/// the test run because it ends when its standard input does. See <c>tests/timescale/README.md</c> for what it can't do.
/// </summary>
internal sealed class TimescaleServer : IAsyncDisposable
{
    // Half a gigabyte each. Test classes run as many at once as there are cores, and hold one each.
    private const int MostAtOnce = 4;

    // A start takes two seconds, ten where its template is made first, more on a busy machine.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private static readonly SemaphoreSlim Slots = new(MostAtOnce);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private TimescaleServer(string node)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(node, [Path.Combine(TimescalePackage.Folder, "server.mjs")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Starts a server with an empty database.</summary>
    /// <exception cref="InvalidOperationException">Node is missing, or the server didn't start; the message holds its errors.</exception>
    public static async Task<TimescaleServer> StartAsync()
    {
        var node = TimescalePackage.Node ?? throw new InvalidOperationException(TimescalePackage.NodeIsMissing);
        await TimescalePackage.InstallAsync();
        if (!await Slots.WaitAsync(StartDeadline))
            throw new InvalidOperationException($"{MostAtOnce} TimescaleDB servers are in use and none was given back. A test class should hold one.");

        var server = new TimescaleServer(node);
        try
        {
            await server.BecomeReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // Never started.
        }
        _process.Dispose();
        Slots.Release();
    }

    private async Task BecomeReadyAsync()
    {
        _process.Start();
        _process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(StartDeadline);
        string? line = null;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Told below, with what the server had to say.
        }
        if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new InvalidOperationException($"The TimescaleDB for tests didn't start within {StartDeadline}: {Errors()}");
        Port = port;
    }

    // The last word of a server that failed is in its first lines: a stack trace, some kilobytes at most.
    private void Remember(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Length < 8192)
                _errors.AppendLine(line);
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.Length == 0 ? "it wrote nothing." : _errors.ToString();
        }
    }
}
