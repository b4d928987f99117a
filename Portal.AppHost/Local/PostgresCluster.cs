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
    private readonly PostgresFiles _files;
    private string _socketFolder = "";
    private ChildProcess? _server;

    private PostgresCluster(PostgresClusterOptions options, PostgresFiles files) => (_options, _files, Port) = (options, files, files.LastPort ?? FreePort.Next());

    /// <summary>The port on 127.0.0.1; stays the same when the server is started again.</summary>
    public int Port { get; }

    /// <summary>The main process of a server that <see cref="StartAsync"/> started, while it runs.</summary>
    public int? Pid => _server is { Exited.IsCompleted: false } server ? server.Identity.Pid : null;

    /// <summary>The file with the password of <see cref="User"/>, readable by its owner alone.</summary>
    public string PasswordFile => _files.PasswordFile;

    /// <summary>Makes the cluster where it is missing and ends what an interrupted run left of it, but starts nothing.</summary>
    /// <exception cref="PostgresUnavailableException">No server binaries, or no place for its files; says what to do.</exception>
    public static async Task<PostgresCluster> PrepareAsync(PostgresClusterOptions options, CancellationToken cancel)
    {
        var files = await PostgresFiles.PrepareAsync(options, cancel);
        var cluster = new PostgresCluster(options, files);
        await files.KeepPortAsync(cluster.Port, cancel);
        cluster._socketFolder = await cluster.SocketFolderAsync(cancel);
        return cluster;
    }

    /// <summary>Prepares the cluster, starts its server, and returns once it takes connections.</summary>
    /// <exception cref="PostgresUnavailableException">It did not start; says what to do.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options, CancellationToken cancel)
    {
        var cluster = await PrepareAsync(options, cancel);
        await cluster.StartServerAsync(cancel);
        return cluster;
    }

    /// <summary>How to reach a database of this cluster. Holds the password.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = User,
        Password = _files.Password,
    }.ConnectionString;

    /// <summary>Makes a database; does nothing when it is there.</summary>
    public Task CreateDatabaseAsync(string name, CancellationToken cancel) =>
        PostgresDatabase.CreateAsync(ConnectionString("postgres"), name, cancel);

    /// <summary>Starts the server's main process, for whoever looks after it; it takes connections a moment later.</summary>
    public ChildProcess Launch(Action<string> line)
    {
        // min_wal_size: files of the log are used again rather than made anew. A new one is written as zeros first, which holds up all commits for 40 ms.
        string[] settings =
        [
            $"port={Port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={_socketFolder}", "unix_socket_permissions=0700",
            $"max_connections={_options.MaxConnections}", $"shared_buffers={_options.SharedBuffersMb}MB", "min_wal_size=1GB", "timezone=UTC", "log_timezone=UTC", "log_min_messages=warning",
            .. _options.Durable ? (string[])[] : ["fsync=off", "full_page_writes=off"],
        ];
        return ChildProcess.Start(Detached.Start(_files.Line("postgres", ["-D", _files.Data, .. settings.SelectMany(setting => (string[])["-c", setting])])), line);
    }

    /// <summary>Whether the server takes connections.</summary>
    public async Task<bool> AcceptsAsync(CancellationToken cancel)
    {
        try
        {
            var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString;
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Starts the server, also after it was killed, and returns once it takes connections.</summary>
    public async Task StartServerAsync(CancellationToken cancel)
    {
        // Bounded to 20 lines.
        var said = new Queue<string>();
        _server?.Dispose();
        _server = Launch(line =>
        {
            lock (said)
            {
                said.Enqueue(line);
                if (said.Count > 20) said.Dequeue();
            }
        });
        var from = TimeProvider.System.GetTimestamp();
        while (!await AcceptsAsync(cancel))
        {
            if (_server.Exited.IsCompleted || TimeProvider.System.GetElapsedTime(from) > StartLimit)
                lock (said) throw new PostgresUnavailableException($"PostgreSQL did not start in {_files.Data}:\n{string.Join('\n', said)}");
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, cancel);
        }
    }

    /// <summary>
    /// Ends a server that <see cref="StartAsync"/> started: fast, which drops its clients and writes everything down; at
    /// once where nothing needs to survive; killed when it does not listen within <paramref name="grace"/>.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_server is not null) await _server.StopAsync(_options.Durable ? Signal.Interrupt : Signal.Quit, grace);
        RemoveSocketFolder();
    }

    /// <summary>Takes away what lies outside the cluster's folder.</summary>
    public void RemoveSocketFolder()
    {
        if (_socketFolder != _files.OwnSocketFolder && Directory.Exists(_socketFolder)) Directory.Delete(_socketFolder, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        _server?.Dispose();
    }

    private async Task<string> SocketFolderAsync(CancellationToken cancel)
    {
        var folder = _files.OwnSocketFolder;
        if (Encoding.UTF8.GetByteCount(folder) > LongestSocketFolder) folder = Directory.CreateTempSubdirectory("tau-pg-").FullName;
        else Directory.CreateDirectory(folder);
        await _files.TakeAsync(folder, cancel);
        return folder;
    }
}
