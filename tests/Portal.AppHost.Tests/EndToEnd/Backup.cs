using System.Text.Json.Nodes;
using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A stack's database as deployers save it and put it back: by the scripts of a published stack.</summary>
internal sealed class Backup(RunningPortal portal, FleetTables tables, string stack, string database)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(portal.Folder, $"backups-of-{database}")).FullName;
    private string _name = "";

    /// <summary>Saves the database while everything runs.</summary>
    public static async Task<Backup> TakeAsync(RunningPortal portal, FleetTables tables, string stack, string database)
    {
        var made = new Backup(portal, tables, stack, database);
        await made.RunAsync("backup.sh", "once");
        made._name = Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(made._folder, "*.dump").Single());
        return made;
    }

    /// <summary>Puts it in the place of what is there now, while nobody can reach the database, and starts the stack's services anew.</summary>
    /// <param name="whileAway">What has to happen before it is there again; null: nothing.</param>
    public async Task RestoreAsync(Func<Task>? whileAway = null)
    {
        await RunAsync("restore.sh", "database", _name);
        await tables.ExecuteAsync("postgres", $"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
        var services = (await portal.StatusAsync())["stacks"]!.AsArray().Single(one => (string?)one!["code"] == stack)!["services"]!.AsArray();
        var pids = services.Select(service => (int)service!["pid"]!).ToArray();
        foreach (var pid in pids) Signal.Send(pid, Signal.Kill);
        await tables.ExecuteAsync("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database);
        await Shell.EventuallyAsync(
            async () => await tables.ScalarAsync<long>("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database) == 0,
            $"{database} is still in use", Limit);
        if (whileAway is not null) await whileAway();
        await RunAsync("restore.sh", "swap", _name);
        await Shell.EventuallyAsync(
            async () => (await portal.StatusAsync())["stacks"]!.AsArray().Single(one => (string?)one!["code"] == stack)!["services"]!.AsArray()
                .All(service => IsNewAndReady(service!, pids)),
            $"{stack} does not get ready with its restored database", Limit);
        await RunAsync("restore.sh", "drop");
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsNewAndReady(JsonNode service, int[] before) => (string?)service["state"] == "ready" && !before.Contains((int)service["pid"]!);

    private async Task RunAsync(string script, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(tables.ConnectionString(database));
        var result = await Command.RunAsync(
            ["sh", Path.Combine(PortalProgram.Repository.Root, "Portal.AppHost", "Manifests", "Files", script), .. arguments],
            Limit, CancellationToken.None,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{PostgresBinaries.Find()}:{Environment.GetEnvironmentVariable("PATH")}",
                ["PGHOST"] = server.Host!,
                ["PGPORT"] = $"{server.Port}",
                ["PGDATABASE"] = database,
                ["PGUSER"] = server.Username!,
                ["PGPASSWORD"] = server.Password!,
                ["BACKUP_FOLDER"] = _folder,
                ["BACKUP_NAME"] = stack,
                ["BACKUP_KEEP_DAYS"] = "14",
                ["BACKUP_DATA"] = "/nonexistent",
                ["BACKUP_GRAFANA"] = "/nonexistent",
            });
        Assert.True(result.Succeeded, $"{script}: {result.Output}");
    }
}
