using System.Globalization;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Backups;

/// <summary>What is to be restored.</summary>
/// <param name="Name">The backup's name.</param>
/// <param name="Files">Its files, where they are on this host; null: the stack has them.</param>
internal sealed record RestoreOptions(string Name, BackupFolder? Files)
{
    /// <summary>Whether what is there is saved first.</summary>
    public bool SafetyBackup { get; init; } = true;

    /// <summary>How long the comparison with the fleet is waited for.</summary>
    public TimeSpan LedgerPatience { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>
/// Puts a backup back. The dump is restored into a new database beside the one in use, which is compared with the backup's manifest and only then
/// takes its place: until then a failure leaves the old data, and starts the services with it again.
/// </summary>
internal sealed class RestorePlan(DeployedStack stack, StackHost host, StackBackups backups, RestoreOptions options, TimeProvider clock)
{
    /// <summary>What waits to be pushed when the gateway closes is some seconds of posts, where the fleet is there.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(2);

    /// <summary>Two pushes and some: each stack has met a fleet that is away, and compares all days once it is back.</summary>
    private static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(130);

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(15);

    private static readonly byte[] Tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('portal', 'identity', 'monitoring', 'fleet');\n"u8.ToArray();

    private const string AsItWas = "The database, keys, logos and Grafana's data are as they were.";

    private readonly StackDatabase _database = new(stack, host);
    private readonly RestoredLedger _ledger = new(stack, new StackDatabase(stack, host), clock);

    private long _stopped;
    private bool _swapped;
    private bool _saved;
    private BackupManifest? _manifest;

    private bool Pushes => stack is { Kind: StackKind.Customer, Published.FleetUrl: not null };

    // All but the database and the job that has the backups: whatever writes, and whatever shows.
    private string[] Stopped => [.. stack.Services.Select(service => service.Name).Where(name => name is not (Timescale.Name or Timescale.Backup))];

    public Plan Make()
    {
        var plan = new Plan($"Restore {stack.Code} from {options.Name}:");
        if (options.Files?.Manifest() is { } manifest) plan.Remark(About(manifest));
        plan.Remark("Everything since that backup goes; what the fleet has of it comes back by the ledger. Meters are refused meanwhile, and post again.");
        plan.Remark("The disk of the database must have room for a second one. Accounts and their passwords will be those of the backup.");

        plan.Add("Start the database and the job that has the backups", host.Says($"up {host.Named([Timescale.Name, Timescale.Backup])}"), AsItWas, OpenAsync);
        if (options.Files is { } files) plan.Add($"Take in the files of {files.Folder}", "backup: sh /backup/restore.sh receive FILE", AsItWas, ReceiveAsync);
        plan.Add("Check its checksums, stack and versions, and the room on the disk", $"backup: sh /backup/restore.sh check {options.Name}", AsItWas, CheckAsync);
        if (Pushes) plan.Add("Close the gateway, and let the fleet have what waits to be pushed", host.Says("stop gateway"), AsItWas, DrainAsync, RecoverAsync);
        plan.Add("Stop what writes", host.Says($"stop {host.Named(Stopped)}"), AsItWas, Silent(StopAsync), RecoverAsync);
        if (options.SafetyBackup) plan.Add("Back up what is there", "backup: sh /backup/backup.sh once", AsItWas, SaveAsync, RecoverAsync);
        plan.Add("Restore the dump into a new database, and count its rows", $"backup: sh /backup/restore.sh database {options.Name}", AsItWas, DatabaseAsync, RecoverAsync);
        plan.Add("Put it in the place of the one in use", $"backup: sh /backup/restore.sh swap {options.Name}", AsItWas, Silent(SwapAsync), RecoverAsync);
        plan.Add("Put keys, logos and Grafana's data back", $"backup: sh /backup/restore.sh files {options.Name}", "The restored database is in use; the one before is beside it under another name.", Silent(FilesAsync), RecoverAsync);
        if (stack.Kind == StackKind.Admin) plan.Add("Stay away until every stack has noticed, so that each compares all days", $"wait {NoticedAfter.TotalSeconds:0} s from the stop on", "The restored database is in use.", Silent(NoticedAsync), RecoverAsync);
        plan.Add("Start the services, which renew roles, rights and policies", host.Says("up"), "The restored database is in use; the one before is beside it under another name.", StartAsync);
        plan.Add("Compare with the fleet", "ask the database until the ledger is even", "The restored stack runs.", _ => _ledger.CompareAsync(_manifest!, options.LedgerPatience, _));
        plan.Add("Drop the database that was in use before", "backup: sh /backup/restore.sh drop", "The restored stack runs; the database before takes room on the disk.", DropAsync);
        return plan;
    }

    private static string About(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"It is of {manifest.Taken:yyyy-MM-dd HH:mm} UTC, by version {manifest.Version}, and holds {Counted.Of(manifest.Measurements, "measurement")}.");

    private async Task OpenAsync(CancellationToken cancel)
    {
        await host.CreateAsync(cancel);
        if (stack.HasDatabase && !(await host.StatusAsync(cancel)).Single(status => status.Service == Timescale.Name).IsRunning)
        {
            if (stack.Target == Target.Compose) await host.UpAsync(cancel, Timescale.Name);
            else await host.UpAsync(cancel);
        }

        if (stack.HasDatabase) await host.WaitUntilHealthyAsync(StartPatience, cancel, Timescale.Name);
        await using var open = await host.OpenBackupAsync(cancel);
    }

    private async Task ReceiveAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        foreach (var file in options.Files!.Files)
        {
            await using var content = File.OpenRead(file);
            await backups.ReceiveAsync(Path.GetFileName(file), content, cancel);
        }

        await backups.ReceivedAsync(options.Name, cancel);
    }

    private async Task<string?> CheckAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        await backups.RestoreAsync("check", options.Name, cancel);
        _manifest = await backups.ManifestAsync(options.Name, cancel);
        await RequireRoomAsync(_manifest.Bytes, cancel);
        return About(_manifest);
    }

    // Somebody else's server says nothing about its disk.
    private async Task RequireRoomAsync(long bytes, CancellationToken cancel)
    {
        if (!stack.HasDatabase) return;
        var asked = await host.RunAsync(new(Timescale.Name, ["df", "-Pk", "/var/lib/postgresql/data"]), cancel);
        var words = asked.Output.Trim().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!asked.Succeeded || words.Length < 4 || !long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var free)) return;
        if (free * 1024 < bytes + (bytes / 10))
            throw new StepFailedException(string.Create(CultureInfo.InvariantCulture, $"The database's disk has {free / 1024:N0} MiB left, and the restored database takes {bytes / 1048576:N0} MiB beside the one in use."), "make room, or give the volume more.");
    }

    private async Task<string?> DrainAsync(CancellationToken cancel)
    {
        await host.StopAsync(cancel, Gateway.Name);
        if ((await _database.RunAsync("SELECT to_regclass('monitoring.\"OutboxRanges\"') IS NULL;", cancel)).Output.Trim() == "t") return "There is nothing in it yet.";
        for (var from = clock.GetTimestamp(); ; await Task.Delay(TimeSpan.FromSeconds(2), clock, cancel))
        {
            var asked = await _database.RunAsync("""SELECT count(*) FROM monitoring."OutboxRanges"; """, cancel);
            if (!asked.Succeeded) return "The database in use can't say what waits; whatever it was is lost with it, unless the fleet has it.";
            if (asked.Output.Trim() == "0") return "Nothing waits.";
            if (clock.GetElapsedTime(from) > DrainPatience)
                return $"{Counted.Of(long.Parse(asked.Output.Trim(), CultureInfo.InvariantCulture), "range of measurements still waits", "ranges of measurements still wait")} after {DrainPatience.TotalMinutes:0} minutes: they are in {(options.SafetyBackup ? "the safety backup" : "the database that is kept beside")} alone.";
        }
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        await host.StopAsync(cancel, Stopped);
        _stopped = clock.GetTimestamp();
    }

    private async Task<string?> SaveAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        var found = await host.RunAsync(new(Timescale.Backup, ["psql", "-X", "-q", "-A", "-t"]) { Input = new MemoryStream(Tables) }, cancel);
        // A database that is gone, or has never been used, has nothing to save; one that can't be read can't be saved.
        _saved = found.Succeeded ? found.Output.Trim() == "0" : await IsGoneAsync(cancel);
        if (_saved) return "There is nothing in it yet.";
        if (!found.Succeeded) throw new StepFailedException($"The database in use can't be read: {stack.Redacted(found.Said)}", "say --no-safety-backup to restore all the same; the broken database stays beside the restored one.");
        var name = await backups.MakeAsync(cancel, spared: options.Name);
        _saved = true;
        return $"{name}: ./portal restore --from {name} goes back to it.";
    }

    private async Task<bool> IsGoneAsync(CancellationToken cancel)
    {
        var asked = await host.RunAsync(new(Timescale.Backup, ["sh", "-c", "psql -X -q -A -t -d postgres -v one=\"$PGDATABASE\""]) { Input = new MemoryStream("SELECT count(*) FROM pg_database WHERE datname = :'one';\n"u8.ToArray()) }, cancel);
        return asked.Succeeded && asked.Output.Trim() == "0";
    }

    private async Task<string?> DatabaseAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        var said = await backups.RestoreAsync("database", options.Name, cancel);
        return string.Create(CultureInfo.InvariantCulture, $"All {_manifest!.Rows.Count} tables have the rows that the manifest says, {_manifest.Rows.Values.Sum():N0} in all.{(said.Length > 0 ? $"\n   {said}" : "")}");
    }

    // What runs in a container goes on when its caller is interrupted, so this short step is not.
    private async Task SwapAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        await backups.RestoreAsync("swap", options.Name, CancellationToken.None);
        _swapped = true;
    }

    private async Task FilesAsync(CancellationToken cancel)
    {
        await using var open = await host.OpenBackupAsync(cancel);
        await backups.RestoreAsync("files", options.Name, CancellationToken.None);
    }

    private async Task NoticedAsync(CancellationToken cancel)
    {
        var left = NoticedAfter - clock.GetElapsedTime(_stopped);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancel);
    }

    private async Task<string?> StartAsync(CancellationToken cancel)
    {
        _ledger.Begin();
        await BringUpAsync(cancel);
        return stack.Target == Target.Kubernetes ? await new RestoredLogo(host, backups).PutAsync(options.Name, cancel) : null;
    }

    private async Task BringUpAsync(CancellationToken cancel)
    {
        if (stack.Target == Target.Compose) await host.UpAsync(cancel);
        else await host.StartAsync(cancel, Stopped);
        await host.WaitUntilHealthyAsync(StartPatience, cancel);
    }

    private async Task<string?> DropAsync(CancellationToken cancel)
    {
        if (!_saved && options.SafetyBackup) return null;
        if (!_saved) return "It is kept, since no safety backup was made. Once you are sure: docker exec, or kubectl exec, backup sh /backup/restore.sh drop";
        await using var open = await host.OpenBackupAsync(cancel);
        await backups.RestoreAsync("drop", options.Name, cancel);
        return null;
    }

    // Whatever goes wrong once services are stopped, also that somebody interrupts it: they are not left so.
    private async Task<string> RecoverAsync()
    {
        var data = _swapped ? "the restored data" : "the old data";
        try
        {
            await BringUpAsync(CancellationToken.None);
            return $"The services run again, with {data}.";
        }
        catch (Exception e) when (e is StepFailedException or UsageException or IOException)
        {
            return $"The services could not be started again with {data} either: {e.Message}\n./portal verify --directory {stack.Directory.Root} says what runs.";
        }
    }

    private static Func<CancellationToken, Task<string?>> Silent(Func<CancellationToken, Task> act) => async cancel =>
    {
        await act(cancel);
        return null;
    };
}
