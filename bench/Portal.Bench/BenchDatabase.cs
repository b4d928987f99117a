using System.Globalization;
using Npgsql;
using Portal.AppHost.Local;

namespace Portal.Bench;

/// <summary>A database for one benchmark: in a private, durable PostgreSQL that goes away with it, or on a server that somebody names.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly PostgresCluster? cluster;
    private readonly string folder;
    private readonly string? given;
    private readonly string name;

    private BenchDatabase(PostgresCluster? cluster, string folder, string? given, string name, string connectionString) =>
        (this.cluster, this.folder, this.given, this.name, ConnectionString) = (cluster, folder, given, name, connectionString);

    public string ConnectionString { get; }

    /// <summary>The server's main process; null where it is somewhere else, so that its CPU can't be seen.</summary>
    public int? ServerPid => cluster?.Pid;

    /// <param name="given">Connection string of somebody who may create databases; null: a server of our own.</param>
    public static async Task<BenchDatabase> CreateAsync(string? given, string prefix)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench_{prefix}_{Environment.ProcessId}");
        if (given is not null)
        {
            await PostgresDatabase.CreateAsync(given, name, CancellationToken.None);
            return new BenchDatabase(null, "", given, name, new NpgsqlConnectionStringBuilder(given) { Database = name }.ConnectionString);
        }

        var folder = Directory.CreateTempSubdirectory("tau-bench-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Folder = Path.Combine(folder, "pg") }, CancellationToken.None);
        await cluster.CreateDatabaseAsync(name, CancellationToken.None);
        await FillLogAsync(cluster.ConnectionString(name));
        return new BenchDatabase(cluster, folder, null, name, cluster.ConnectionString(name));
    }

    // A server runs for weeks: it has all files of its log, up to min_wal_size, and uses them again. In a new one each of them (16 MB) is written as
    // zeros before its first use, while every commit waits.
    private static async Task FillLogAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var fill = dataSource.CreateCommand("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal() FROM generate_series(1, 70)");
        await fill.ExecuteNonQueryAsync();
        await using var checkpoint = dataSource.CreateCommand("CHECKPOINT");
        await checkpoint.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (given is not null)
        {
            await PostgresDatabase.DropAsync(given, name, CancellationToken.None);
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
