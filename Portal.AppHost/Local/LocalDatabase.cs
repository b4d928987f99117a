using Npgsql;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>The server that holds every stack's database: a private one that is looked after here, or a given one.</summary>
internal sealed class LocalDatabase : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly PostgresCluster? _cluster;
    private readonly SupervisedProcess? _process;
    private readonly LogFile? _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private Task _running = Task.CompletedTask;

    private LocalDatabase(string server, PostgresCluster? cluster, LogFile? log, Action<SupervisedState, SupervisedState> changed)
    {
        (_server, _cluster, _log) = (new NpgsqlConnectionStringBuilder(server), cluster, log);
        if (cluster is null || log is null) return;
        var options = new SupervisedOptions
        {
            Name = "database",
            IsReady = cluster.AcceptsAsync,
            PollWhenStarting = TimeSpan.FromMilliseconds(50),
            // A question costs a connection; when the server ends, that is known without asking.
            PollWhenReady = TimeSpan.FromSeconds(10),
            Backoff = new Backoff { First = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(10) },
            StopSignal = Signal.Interrupt,
            Line = log.Write,
            Changed = changed,
        };
        _process = new SupervisedProcess(options, () => cluster.Launch(log.Write), TimeProvider.System);
    }

    public DatabaseState State => new(
        _server.Host!, _server.Port, _server.Username, _cluster?.PasswordFile, _process?.State.Phase, _process?.State.Process, _log?.FilePath);

    /// <summary>Uses a server that somebody else looks after.</summary>
    /// <exception cref="UsageException">The connection string can't be read, or nobody answers.</exception>
    public static async Task<LocalDatabase> UseAsync(string connectionString, CancellationToken cancel)
    {
        NpgsqlConnectionStringBuilder server;
        try
        {
            server = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(server.Host)) throw new ArgumentException("Host is missing.");
            if (string.IsNullOrEmpty(server.Database)) server.Database = "postgres";
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--database is no connection string: {e.Message} Give one like \"Host=db.example.com;Port=5432;Username=me;Password=…\".");
        }

        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancel);
        }
        catch (NpgsqlException e)
        {
            throw new UsageException($"--database: no connection to {server.Host}:{server.Port} as {server.Username}: {e.Message}");
        }

        return new(server.ConnectionString, null, null, (_, _) => { });
    }

    /// <summary>Makes the private server where it is missing, and keeps it running.</summary>
    /// <exception cref="PostgresUnavailableException">It can't be had; says what to do.</exception>
    public static async Task<LocalDatabase> StartAsync(
        StateFolder folder, int connections, Action<string> tell, Action<SupervisedState, SupervisedState> changed, CancellationToken cancel)
    {
        var options = new PostgresClusterOptions { Folder = folder.Postgres, MayInstall = true, MaxConnections = connections, Tell = tell };
        var cluster = await PostgresCluster.PrepareAsync(options, cancel);
        var database = new LocalDatabase(cluster.ConnectionString("postgres"), cluster, new LogFile(folder.Log(null, "database")), changed);
        database._running = database._process!.RunAsync(database._stop.Token, database._kill.Token);
        await database.AcceptsAsync(cancel);
        return database;
    }

    public string ConnectionString(string name) => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;

    /// <summary>Makes a database; does nothing when it is there.</summary>
    /// <exception cref="UsageException">The given user may not.</exception>
    public async Task CreateAsync(string name, CancellationToken cancel)
    {
        try
        {
            await PostgresDatabase.CreateAsync(_server.ConnectionString, name, cancel);
        }
        catch (Npgsql.PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new UsageException($"--database: {_server.Username} may not create the database {name}. Create it, owned by {_server.Username}, or: ALTER ROLE \"{_server.Username}\" CREATEDB;");
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _cluster?.RemoveSocketFolder();
        _log?.Dispose();
    }

    /// <summary>Makes a stop that is under way an immediate one; what was committed is recovered at the next start.</summary>
    public void Kill() => _kill.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _kill.Dispose();
    }

    // The very first start must not hide behind a series of new ones.
    private async Task AcceptsAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StartLimit);
        try
        {
            await _process!.WaitForAsync(state => state.Phase == ProcessPhase.Ready || state.Restarts > 2, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }

        if (_process!.State.Phase == ProcessPhase.Ready) return;
        await _stop.CancelAsync();
        await _running;
        throw new PostgresUnavailableException($"PostgreSQL did not start. It said (all of it in {StateFolder.Readable(_log!.FilePath)}):\n{string.Join('\n', _log.LastLines.TakeLast(10))}");
    }
}
