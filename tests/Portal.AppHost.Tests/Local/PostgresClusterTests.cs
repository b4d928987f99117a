using System.Net;
using System.Net.NetworkInformation;
using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.Local;

public sealed class PostgresClusterTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-cluster-").FullName;

    public PostgresClusterTests() => File.SetUnixFileMode(_folder, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public void Dispose()
    {
        PostgresFolder.Delete(Path.Combine(_folder, "pg"));
        PostgresFolder.Delete(Path.Combine(_folder, "closed", "pg"));
        Directory.Delete(_folder, recursive: true);
    }

    [PostgresFact]
    public async Task A_killed_server_comes_back_with_what_was_committed()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateDatabaseAsync("kept", CancellationToken.None);
        await RunAsync(cluster, "kept", "CREATE TABLE t AS SELECT 42 AS x");
        var (pid, port) = (cluster.Pid!.Value, cluster.Port);

        Signal.Send(pid, Signal.Kill);
        await Shell.EventuallyAsync(() => cluster.Pid is null, "the server is still there");
        // Its last children may still be letting go of their memory, which a new server refuses to share.
        await RestartAsync(cluster);

        Assert.NotEqual(pid, cluster.Pid);
        Assert.Equal(port, cluster.Port);
        Assert.Equal(42, await RunAsync(cluster, "kept", "SELECT x FROM t"));
    }

    [PostgresFact]
    public async Task A_server_that_a_killed_run_left_is_ended_and_its_data_taken_over()
    {
        var left = await StartAsync();
        await RunAsync(left, "postgres", "CREATE TABLE t AS SELECT 7 AS x");
        var server = ProcessIdentity.Of(left.Pid!.Value)!;

        await using var next = await StartAsync();

        Assert.False(server.IsAlive);
        Assert.Equal(7, await RunAsync(next, "postgres", "SELECT x FROM t"));
    }

    [PostgresFact]
    public async Task A_note_whose_number_now_belongs_to_another_program_does_not_keep_the_server_from_starting()
    {
        string data;
        await using (await StartAsync()) data = Path.Combine(_folder, "pg", "data");
        await File.WriteAllTextAsync(Path.Combine(data, "postmaster.pid"), $"{Environment.ProcessId}\n{data}\n1700000000\n5432\n\n127.0.0.1\n");

        await using var cluster = await StartAsync();

        Assert.NotNull(cluster.Pid);
    }

    [PostgresFact]
    public async Task The_data_of_a_clone_below_a_closed_folder_lies_where_the_servers_user_gets_to_it()
    {
        var closed = Path.Combine(_folder, "closed");
        Directory.CreateDirectory(closed);
        File.SetUnixFileMode(closed, OwnerOnly);
        var asked = Path.Combine(closed, "pg");

        await using (var cluster = await StartAsync(asked)) await RunAsync(cluster, "postgres", "CREATE TABLE t AS SELECT 3 AS x");
        await using (var again = await StartAsync(asked)) Assert.Equal(3, await RunAsync(again, "postgres", "SELECT x FROM t"));

        // As a normal user the server runs as ourselves, and the data stays where it was asked for.
        var link = new DirectoryInfo(asked).LinkTarget;
        Assert.Equal(Environment.IsPrivilegedProcess, link is not null);
        PostgresFolder.Delete(asked);
        Assert.False(Path.Exists(asked));
        if (link is not null) Assert.False(Directory.Exists(link));
    }

    [RootFact]
    public async Task A_copied_clone_does_not_share_the_originals_data()
    {
        var closed = Path.Combine(_folder, "closed");
        Directory.CreateDirectory(closed);
        File.SetUnixFileMode(closed, OwnerOnly);
        await using (await StartAsync(Path.Combine(closed, "pg")))
        {
        }

        var original = new DirectoryInfo(Path.Combine(closed, "pg")).LinkTarget!;
        var copy = Directory.CreateDirectory(Path.Combine(closed, "copy")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(copy, "pg"), original);
        await using (await StartAsync(Path.Combine(copy, "pg")))
        {
        }

        Assert.NotEqual(original, new DirectoryInfo(Path.Combine(copy, "pg")).LinkTarget);
        PostgresFolder.Delete(Path.Combine(copy, "pg"));
        Assert.True(Directory.Exists(original));
    }

    [PostgresFact]
    public async Task A_long_path_does_not_keep_the_server_from_having_its_socket()
    {
        var deep = Path.Combine(_folder, new string('d', 100), "pg");
        try
        {
            await using var cluster = await StartAsync(deep);
            Assert.Equal(1, await RunAsync(cluster, "postgres", "SELECT 1"));
        }
        finally
        {
            PostgresFolder.Delete(deep);
        }
    }

    [PostgresFact]
    public async Task The_server_listens_on_loopback_only_and_asks_for_a_password_that_nobody_else_can_read()
    {
        await using var cluster = await StartAsync();

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == cluster.Port);
        Assert.All(listening, end => Assert.Equal(IPAddress.Loopback, end.Address));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cluster.PasswordFile));
        var guess = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("postgres")) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.OpenAsync())).SqlState);
    }

    private Task<PostgresCluster> StartAsync(string? folder = null) =>
        PostgresCluster.StartAsync(new() { Folder = folder ?? Path.Combine(_folder, "pg"), Durable = false }, CancellationToken.None);

    private static async Task RestartAsync(PostgresCluster cluster)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await cluster.StartServerAsync(CancellationToken.None);
                return;
            }
            catch (PostgresUnavailableException) when (attempt < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
    }

    private static async Task<object?> RunAsync(PostgresCluster cluster, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString(database)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>A test of what only root needs: the server's data in another place than asked for.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = !Environment.IsPrivilegedProcess ? "Only root needs another user's server." : new PostgresFactAttribute().Skip;
}
