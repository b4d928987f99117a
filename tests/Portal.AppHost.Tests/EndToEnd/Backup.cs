using System.Text.Json.Nodes;
using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A stack's database as the operations guide saves it and puts it back, with the server's own tools.</summary>
/// <param name="file">The dump.</param>
internal sealed class Backup(RunningPortal portal, FleetTables tables, string stack, string database, string file)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Saves the database while everything runs.</summary>
    public static async Task<Backup> TakeAsync(RunningPortal portal, FleetTables tables, string stack, string database)
    {
        var file = Path.Combine(portal.Folder, $"{database}.dump");
        await RunAsync(tables, "pg_dump", database, "-F", "c", "-f", file);
        return new(portal, tables, stack, database, file);
    }

    /// <summary>Puts it in the place of what is there now, while nobody can reach the database, and starts the stack's services anew.</summary>
    /// <param name="whileAway">What has to happen before it is there again; null: nothing.</param>
    public async Task RestoreAsync(Func<Task>? whileAway = null)
    {
        var (restored, lost) = ($"{database}_restored", $"{database}_lost");
        await tables.ExecuteAsync("postgres", $"CREATE DATABASE {restored}");
        await RunAsync(tables, "pg_restore", restored, "--no-owner", "--clean", "--if-exists", file);

        await tables.ExecuteAsync("postgres", $"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
        var services = (await portal.StatusAsync())["stacks"]!.AsArray().Single(one => (string?)one!["code"] == stack)!["services"]!.AsArray();
        var pids = services.Select(service => (int)service!["pid"]!).ToArray();
        foreach (var pid in pids) Signal.Send(pid, Signal.Kill);
        await tables.ExecuteAsync("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database);
        await Shell.EventuallyAsync(
            async () => await tables.ScalarAsync<long>("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database) == 0,
            $"{database} is still in use", Limit);
        if (whileAway is not null) await whileAway();
        await tables.ExecuteAsync("postgres", $"ALTER DATABASE {database} RENAME TO {lost}");
        await tables.ExecuteAsync("postgres", $"ALTER DATABASE {restored} RENAME TO {database}");
        await Shell.EventuallyAsync(
            async () => (await portal.StatusAsync())["stacks"]!.AsArray().Single(one => (string?)one!["code"] == stack)!["services"]!.AsArray()
                .All(service => IsNewAndReady(service!, pids)),
            $"{stack} does not get ready with its restored database", Limit);
        await tables.ExecuteAsync("postgres", $"DROP DATABASE {lost}");
        File.Delete(file);
    }

    private static bool IsNewAndReady(JsonNode service, int[] before) => (string?)service["state"] == "ready" && !before.Contains((int)service["pid"]!);

    private static async Task RunAsync(FleetTables tables, string tool, string database, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(tables.ConnectionString(database));
        var result = await Command.RunAsync(
            [Path.Combine(PostgresBinaries.Find()!, tool), "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, "-d", database, .. arguments],
            Limit, CancellationToken.None, new Dictionary<string, string> { ["PGPASSWORD"] = server.Password! });
        Assert.True(result.Succeeded, $"{tool}: {result.Output}");
    }
}
