using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>A private PostgreSQL server: its own data, its own port on loopback, its own generated password.</summary>
/// <remarks>It survives a killed server (start it again) and a killed owner (the next start ends what is left and takes over).</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>The superuser of the cluster, the name that the operations guide uses.</summary>
    public const string User = "power_user";

    /// <summary>The longest path of a Unix socket is 107 bytes; "/.s.PGSQL.54321" takes 15 of them.</summary>
    private const int LongestSocketFolder = 107 - 15;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly PostgresClusterOptions _options;
    private readonly PostgresAccount _account;
    private readonly string _binaries;
    private readonly string _home;
    private readonly string _password;
    private string? _socketFolder;
    private Process? _server;

    private PostgresCluster(PostgresClusterOptions options, PostgresAccount account, string binaries, string home, string password) =>
        (_options, _account, _binaries, _home, _password) = (options, account, binaries, home, password);

    /// <summary>The port on 127.0.0.1; stays the same when the server is started again.</summary>
    public int Port { get; private set; }

    /// <summary>The server's main process, or null while it is down.</summary>
    public int? Pid => _server is { HasExited: false } server ? server.Id : null;

    private string Data => Path.Combine(_home, "data");

    /// <summary>Makes the cluster where it is missing, ends what an interrupted run left of it, and starts it.</summary>
    /// <exception cref="PostgresUnavailableException">No server binaries, or the server did not start; says what to do.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options, CancellationToken cancel)
    {
        var account = await PostgresAccount.FindAsync(options.Folder, cancel);
        var home = await PostgresFolder.PrepareAsync(options.Folder, account, cancel);
        var binaries = await BinariesAsync(options, home, cancel);
        await PostgresLeftover.EndAsync(Path.Combine(home, "data"), cancel);
        var cluster = new PostgresCluster(options, account, binaries, home, await PasswordAsync(home, account, cancel));
        await cluster.InitialiseAsync(cancel);
        for (var attempt = 1; ; attempt++)
        {
            cluster.Port = attempt == 1 && LastPort(home) is { } last ? last : FreePort.Next();
            try
            {
                await cluster.StartServerAsync(cancel);
                break;
            }
            catch (PostgresUnavailableException) when (attempt < 3 && !FreePort.IsFree(cluster.Port))
            {
                // Somebody took the port in between.
            }
        }

        await File.WriteAllTextAsync(Path.Combine(home, "port"), cluster.Port.ToString(CultureInfo.InvariantCulture), cancel);
        return cluster;
    }

    /// <summary>How to reach a database of this cluster. Holds the password.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = User,
        Password = _password,
    }.ConnectionString;

    /// <summary>Makes a database; does nothing when it is there.</summary>
    public Task CreateDatabaseAsync(string name, CancellationToken cancel) =>
        PostgresDatabase.CreateAsync(ConnectionString("postgres"), name, cancel);

    /// <summary>Starts the server, also after it was killed, and returns once it takes connections.</summary>
    public async Task StartServerAsync(CancellationToken cancel)
    {
        _server?.Dispose();
        _server = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        var lastLines = new Queue<string>();
        _server.ErrorDataReceived += (_, e) => Note(e.Data, lastLines);
        _server.OutputDataReceived += (_, e) => Note(e.Data, lastLines);
        _server.Start();
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        await AcceptsAsync(lastLines, cancel);
    }

    /// <summary>Ends when the server has ended, for whatever reason.</summary>
    public Task ExitedAsync(CancellationToken cancel) => _server?.WaitForExitAsync(cancel) ?? Task.CompletedTask;

    /// <summary>
    /// Ends the server: fast, which drops its clients and writes everything down; at once where nothing needs to
    /// survive; killed when it does not listen within <paramref name="grace"/>.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_server is { HasExited: false } server)
        {
            Signal.Send(server.Id, _options.Durable ? Signal.Interrupt : Signal.Quit);
            using var limit = new CancellationTokenSource(grace);
            try
            {
                await server.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
        }

        if (_socketFolder is not null && !_socketFolder.StartsWith(_home, StringComparison.Ordinal) && Directory.Exists(_socketFolder))
            Directory.Delete(_socketFolder, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        _server?.Dispose();
    }

    private async Task InitialiseAsync(CancellationToken cancel)
    {
        _socketFolder = await SocketFolderAsync(cancel);
        if (File.Exists(Path.Combine(Data, "PG_VERSION"))) return;

        // What a broken first start left can't hold anything yet.
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        var result = await Command.RunAsync(
            _account.Line(Path.Combine(_binaries, "initdb"),
            [
                "--pgdata", Data, "--username", User, "--pwfile", Path.Combine(_home, "password"), "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C", "--no-instructions", .. _options.Durable ? (string[])[] : ["--no-sync"],
            ]), StartLimit, cancel);
        if (!result.Succeeded) throw new PostgresUnavailableException($"initdb could not make the database in {Data}: {result.Output}");
    }

    private ProcessStartInfo StartInfo()
    {
        string[] settings =
        [
            $"port={Port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={_socketFolder}", "unix_socket_permissions=0700",
            // A stack has five services with pools; connections that are not open cost a few kilobytes each.
            "max_connections=500", "shared_buffers=128MB", "timezone=UTC", "log_timezone=UTC", "log_min_messages=warning",
            .. _options.Durable ? (string[])[] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        ];
        var line = _account.Line(Path.Combine(_binaries, "postgres"), ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        return Detached.Start(line);
    }

    private async Task AcceptsAsync(Queue<string> lastLines, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartLimit);
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (NpgsqlException) when (_server!.HasExited)
            {
                string said;
                lock (lastLines) said = string.Join('\n', lastLines);
                throw new PostgresUnavailableException($"PostgreSQL did not start in {Data}:\n{said}");
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new PostgresUnavailableException($"PostgreSQL did not take connections within {StartLimit.TotalSeconds:0} s in {Data}.");
            }
        }
    }

    private void Note(string? line, Queue<string> lastLines)
    {
        if (line is null) return;
        _options.Log(line);
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > 20) lastLines.Dequeue();
        }
    }

    private async Task<string> SocketFolderAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(_home, "run");
        if (Encoding.UTF8.GetByteCount(folder) > LongestSocketFolder) folder = Directory.CreateTempSubdirectory("tau-pg-").FullName;
        else Directory.CreateDirectory(folder);
        await _account.TakeAsync(folder, cancel);
        return folder;
    }

    private static async Task<string> BinariesAsync(PostgresClusterOptions options, string home, CancellationToken cancel)
    {
        var note = Path.Combine(home, "data", "PG_VERSION");
        if (File.Exists(note) && int.TryParse(await File.ReadAllTextAsync(note, cancel), CultureInfo.InvariantCulture, out var made))
            return PostgresBinaries.Find(made) ?? throw new PostgresUnavailableException(
                $"The database in {home} was made by PostgreSQL {made}, which is not installed any more. Install that version again, or start afresh with ./portal reset.");
        return options.MayInstall
            ? await PostgresInstallation.FindOrInstallAsync(options.Tell, cancel)
            : PostgresBinaries.Find() ?? throw new PostgresUnavailableException(PostgresBinaries.HowToInstall);
    }

    private static async Task<string> PasswordAsync(string home, PostgresAccount account, CancellationToken cancel)
    {
        var path = Path.Combine(home, "password");
        if (File.Exists(path)) return (await File.ReadAllTextAsync(path, cancel)).Trim();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            await file.WriteAsync(Encoding.ASCII.GetBytes(password), cancel);
        await account.TakeAsync(path, cancel);
        return password;
    }

    // The port of the last run, so that a developer's own tools keep working, unless somebody else has it now.
    private static int? LastPort(string home) =>
        File.Exists(Path.Combine(home, "port"))
        && int.TryParse(File.ReadAllText(Path.Combine(home, "port")), CultureInfo.InvariantCulture, out var port)
        && FreePort.IsFree(port) ? port : null;
}
