using Portal.AppHost.CommandLine;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Backups;
using Portal.Testing;

namespace Portal.AppHost.Tests.Operations.Backups;

/// <summary>Restoring a stack whose scripts run with a real database.</summary>
public sealed class RestorePlanTests : IDisposable
{
    private static readonly Consent Confirmed = new() { Word = "ABC0001", Given = "ABC0001", Option = "--confirm" };

    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [PostgresFact]
    public async Task A_restore_saves_what_is_there_stops_what_writes_and_starts_it_again()
    {
        using var docker = (await ScriptedDocker.StartAsync()).WithCompose();
        var name = await docker.Scripted.BackUpAsync();
        await docker.Scripted.ExecuteAsync("""DELETE FROM monitoring."PowerMeasurements" WHERE "ActivePowerKw" > 500""");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System); // backups are named by seconds

        Assert.Equal(0, await RunAsync(docker, new(name, null)));

        Assert.Equal(1000, await docker.Scripted.MeasurementsAsync());
        Assert.Equal(["up --no-start --no-recreate", "stop gateway portal ingest web grafana", "up --detach --remove-orphans"], docker.Composed);
        var safety = Directory.EnumerateFiles(docker.Scripted.Backups, "*.manifest").Single(file => !file.Contains(name, StringComparison.Ordinal));
        Assert.Equal(500, BackupManifest.Parse(await File.ReadAllTextAsync(safety)).Measurements);
        Assert.Equal(0, await docker.Scripted.ScalarAsync<long>("SELECT count(*) FROM pg_database WHERE starts_with(datname, current_database() || '_before')"));
        Assert.Contains($"./portal restore --from {Path.GetFileNameWithoutExtension(safety)} goes back to it.", _output.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_restore_that_fails_leaves_the_old_data_in_use_and_starts_the_services_with_it()
    {
        using var docker = (await ScriptedDocker.StartAsync()).WithCompose();
        var name = await docker.Scripted.BackUpAsync();
        // A dump that is cut, with checksums that fit.
        var dump = Path.Combine(docker.Scripted.Backups, $"{name}.dump");
        await File.WriteAllBytesAsync(dump, (await File.ReadAllBytesAsync(dump))[..3000]);
        await ReSumAsync(docker, name);
        await docker.Scripted.ExecuteAsync("""DELETE FROM monitoring."PowerMeasurements" WHERE "ActivePowerKw" > 500""");

        Assert.Equal(1, await RunAsync(docker, new(name, null) { SafetyBackup = false }));

        Assert.Equal(500, await docker.Scripted.MeasurementsAsync());
        Assert.Equal("up --detach --remove-orphans", docker.Composed.Last());
        Assert.Contains("The services run again, with the old data.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Unchanged: The database, keys, logos and Grafana's data are as they were.", _output.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_backup_that_is_not_whole_is_refused_before_anything_is_stopped()
    {
        using var docker = (await ScriptedDocker.StartAsync()).WithCompose();
        var name = await docker.Scripted.BackUpAsync();
        await File.AppendAllTextAsync(Path.Combine(docker.Scripted.Backups, $"{name}.dump"), "x");

        Assert.Equal(1, await RunAsync(docker, new(name, null)));

        Assert.Equal(["up --no-start --no-recreate"], docker.Composed);
        Assert.Contains("a checksum differs", _output.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Files_of_a_backup_are_taken_in_and_a_stack_that_lost_all_is_restored_from_them()
    {
        using var docker = (await ScriptedDocker.StartAsync()).WithCompose();
        var host = await docker.HostAsync();
        var name = await docker.Scripted.BackUpAsync();
        var copy = await BackupFolder.CopyAsync(new(docker.Stack, host), name, Path.Combine(docker.Folder, "copies"), CancellationToken.None);
        foreach (var file in Directory.EnumerateFiles(docker.Scripted.Backups)) File.Delete(file);
        File.Delete(Path.Combine(docker.Scripted.Keys, "key-1.xml"));
        await docker.Scripted.ExecuteAsync("DROP SCHEMA monitoring CASCADE; DROP SCHEMA portal CASCADE");

        Assert.Equal(0, await RunAsync(docker, RestoreCommand.Source(Path.Combine(copy.Folder, $"{name}.dump"), docker.Stack)));

        Assert.Equal(1000, await docker.Scripted.MeasurementsAsync());
        Assert.True(File.Exists(Path.Combine(docker.Scripted.Keys, "key-1.xml")));
        Assert.Contains("There is nothing in it yet.", _output.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Only_the_code_confirms_and_a_dry_run_runs_nothing()
    {
        using var docker = await ScriptedDocker.StartAsync();
        var plan = await PlanAsync(docker, new("abc0001-20261125T013000Z", null));

        await Assert.ThrowsAsync<UsageException>(() => plan.RunAsync(Confirmed with { Given = "yes" }, _output, CancellationToken.None));
        Assert.Equal(0, await plan.RunAsync(Confirmed with { DryRun = true, Given = null }, _output, CancellationToken.None));

        Assert.Equal(2, docker.Tools.Calls.Count); // docker version, docker compose version
    }

    [Fact]
    public void What_is_neither_a_name_nor_a_file_is_refused_in_words() =>
        Assert.Contains("is neither a backup's name", Assert.Throws<UsageException>(() => BackupFolder.Open("/nonexistent/dump")).Message, StringComparison.Ordinal);

    [PostgresFact]
    public async Task A_backup_of_another_stack_is_refused_before_anything_starts()
    {
        using var docker = await ScriptedDocker.StartAsync();
        var name = await docker.Scripted.BackUpAsync();
        var manifest = Path.Combine(docker.Scripted.Backups, $"{name}.manifest");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("stack abc0001", "stack xyz0002", StringComparison.Ordinal));

        Assert.Contains("is a backup of the stack 'xyz0002'", Assert.Throws<UsageException>(() => RestoreCommand.Source(manifest, docker.Stack)).Message, StringComparison.Ordinal);
    }

    private async Task<int> RunAsync(ScriptedDocker docker, RestoreOptions options) => await (await PlanAsync(docker, options)).RunAsync(Confirmed, _output, CancellationToken.None);

    private static async Task<Plan> PlanAsync(ScriptedDocker docker, RestoreOptions options)
    {
        var host = await docker.HostAsync();
        return new RestorePlan(docker.Stack, host, new(docker.Stack, host), options, TimeProvider.System).Make();
    }

    private static async Task ReSumAsync(ScriptedDocker docker, string name)
    {
        var said = await docker.Tools.Box.RunAsync(new(["sh", "-c", $"cd '{docker.Scripted.Backups}' && sha256sum {name}.dump {name}.manifest {name}.data.tar.gz {name}.grafana.tar.gz >{name}.sha256"]), CancellationToken.None);
        Assert.True(said.Succeeded, said.Said);
    }
}
