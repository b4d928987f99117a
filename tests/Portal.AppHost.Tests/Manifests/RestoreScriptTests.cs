using Npgsql;
using Portal.AppHost.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>The script that puts a backup back, with a real PostgreSQL.</summary>
public sealed class RestoreScriptTests
{
    [PostgresFact]
    public async Task A_backup_comes_back_whole_and_what_was_there_stays_beside_it_until_it_is_dropped()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        await stack.ExecuteAsync("""DELETE FROM monitoring."PowerMeasurements" WHERE "ActivePowerKw" > 500""");
        File.Delete(Path.Combine(stack.Keys, "key-1.xml"));
        await File.WriteAllTextAsync(Path.Combine(stack.Branding, "logo-2.png"), "later");
        await File.WriteAllTextAsync(Path.Combine(stack.Grafana, "grafana.db"), "broken");
        // Somebody's forgotten session.
        await using var forgotten = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(stack.Database) { Pooling = false }.ConnectionString);
        await forgotten.OpenAsync();

        await StepsAsync(stack, name, "check", "database", "swap", "files");

        Assert.Equal(1000, await stack.MeasurementsAsync());
        Assert.Equal(1, await OthersAsync(stack));
        Assert.Equal("<key/>", await File.ReadAllTextAsync(Path.Combine(stack.Keys, "key-1.xml")));
        Assert.Equal(["logo-1.png"], Directory.EnumerateFileSystemEntries(stack.Branding).Select(Path.GetFileName));
        Assert.StartsWith("SQLite format 3", await File.ReadAllTextAsync(Path.Combine(stack.Grafana, "grafana.db")), StringComparison.Ordinal);
        await StepsAsync(stack, name, "drop");
        Assert.Equal(0, await OthersAsync(stack));
    }

    [PostgresFact]
    public async Task Each_step_may_be_done_twice()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();

        await StepsAsync(stack, name, "database", "database", "swap", "swap", "files", "files", "drop", "drop");

        Assert.Equal(1000, await stack.MeasurementsAsync());
    }

    [PostgresFact]
    public async Task A_stack_whose_database_is_gone_is_restored_as_well()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        var lost = new NpgsqlConnectionStringBuilder(stack.Database);
        await ElsewhereAsync(lost, $"DROP DATABASE {lost.Database} WITH (FORCE)");

        await StepsAsync(stack, name, "check", "database", "swap");

        Assert.Equal(1000, await stack.MeasurementsAsync());
    }

    [PostgresFact]
    public async Task Keys_that_were_withdrawn_or_made_since_stay_so_and_sessions_end()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        await stack.ExecuteAsync("""
            UPDATE portal."IngestKeys" SET "RevokedAt" = now();
            INSERT INTO portal."IngestKeys" VALUES ('00000000-0000-0000-0000-000000000002', 'new meter', '\x02', 'pik_0002', now(), NULL, NULL);
            """);

        await StepsAsync(stack, name, "database", "swap");

        Assert.Equal("new meter", await stack.ScalarAsync<string>("""SELECT string_agg("Name", ',') FROM portal."IngestKeys" WHERE "RevokedAt" IS NULL"""));
        Assert.Equal(2, await stack.ScalarAsync<long>("""SELECT count(*) FROM portal."IngestKeys" """));
        Assert.Equal(0, await stack.ScalarAsync<long>("""SELECT count(*) FROM portal."Sessions" """));
    }

    [PostgresFact]
    public async Task A_restore_that_does_not_hold_what_the_manifest_says_leaves_what_was_there()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        await SayAsync(stack, name, "rows monitoring.\"PowerMeasurements\" 1000", "rows monitoring.\"PowerMeasurements\" 1001");
        await stack.ExecuteAsync("""DELETE FROM monitoring."PowerMeasurements" WHERE "ActivePowerKw" > 500""");

        var failed = await stack.RunAsync("restore.sh", "database", name);
        var swapped = await stack.RunAsync("restore.sh", "swap", name);

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("restored: rows monitoring.\"PowerMeasurements\" 1000", failed.Errors, StringComparison.Ordinal);
        Assert.Equal(1, swapped.ExitCode);
        Assert.Contains("not a whole restore", swapped.Errors, StringComparison.Ordinal);
        Assert.Equal(500, await stack.MeasurementsAsync());
    }

    [PostgresTheory]
    [InlineData("stack abc0001", "stack xyz0002", "is a backup of the stack 'xyz0002'")]
    [InlineData("version 0.1.0", "version 0.10.0", "was made by version 0.10.0 of the portal, and this stack is 0.1.0: update it first")]
    [InlineData("timescaledb -", "timescaledb 99.1.0", "TimescaleDB 99.1.0, which this server does not have")]
    [InlineData("migration portal 20260101000000_InitialCreate", "migration portal 20990101000000_Newer", "was made by a newer version of the portal")]
    [InlineData("format 1", "format 2", "was made by another version of backup.sh")]
    public async Task What_is_not_this_stacks_or_newer_than_it_is_refused_before_anything_is_touched(string line, string other, string reason)
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        await SayAsync(stack, name, line, other);

        foreach (var step in (string[])["check", "database", "files"])
        {
            var said = await stack.RunAsync("restore.sh", step, name);
            Assert.Equal(1, said.ExitCode);
            Assert.Contains(reason, said.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, await OthersAsync(stack));
    }

    [PostgresFact]
    public async Task An_archive_that_leads_elsewhere_is_not_unpacked()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        var archive = Path.Combine(stack.Backups, $"{name}.data.tar.gz");
        await ShellAsync($"cd '{stack.Branding}' && ln -s /etc etc && mkdir -p keys && tar -czf '{archive}' -C .. . && rm etc && rmdir keys");
        await SealAsync(stack, name);
        var link = await stack.RunAsync("restore.sh", "files", name);
        await ShellAsync($"cd '{stack.Branding}' && tar -P -czf '{archive}' ../keys/key-1.xml");
        await SealAsync(stack, name);
        var above = await stack.RunAsync("restore.sh", "files", name);

        Assert.All([link, above], said =>
        {
            Assert.Equal(1, said.ExitCode);
            Assert.Contains("it is not unpacked", said.Errors, StringComparison.Ordinal);
        });
        Assert.Equal("<key/>", await File.ReadAllTextAsync(Path.Combine(stack.Keys, "key-1.xml")));
    }

    [PostgresFact]
    public async Task A_backup_from_elsewhere_is_taken_file_by_file_and_only_whole()
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        var files = Directory.EnumerateFiles(stack.Backups, $"{name}.*").Select(file => (Name: Path.GetFileName(file), Content: File.ReadAllBytes(file))).ToList();
        foreach (var file in files) File.Delete(Path.Combine(stack.Backups, file.Name));

        foreach (var file in files.Skip(1)) Assert.True((await stack.RunAsync(new MemoryStream(file.Content), "restore.sh", "receive", file.Name)).Succeeded);
        var early = await stack.RunAsync("restore.sh", "received", name);
        Assert.True((await stack.RunAsync(new MemoryStream(files[0].Content), "restore.sh", "receive", files[0].Name)).Succeeded);
        var whole = await stack.RunAsync("restore.sh", "received", name);

        Assert.Equal(1, early.ExitCode);
        Assert.True(whole.Succeeded, whole.Said);
        Assert.True((await stack.RunAsync("restore.sh", "check", name)).Succeeded);
        Assert.All((string[])["../elsewhere.dump", ".hidden.dump", "a/b.dump", "name.sh", ""], path => Assert.Equal(1, stack.RunAsync("restore.sh", "receive", path).GetAwaiter().GetResult().ExitCode));
        Assert.All((string[])["../abc0001-20200101T000000Z", "$(id)", "", "-"], path => Assert.Equal(1, stack.RunAsync("restore.sh", "check", path).GetAwaiter().GetResult().ExitCode));
    }

    private static async Task StepsAsync(ScriptedStack stack, string name, params string[] steps)
    {
        foreach (var step in steps)
        {
            var said = await stack.RunAsync("restore.sh", step, name);
            Assert.True(said.Succeeded, $"{step}: {said.Said}");
        }
    }

    // Databases that a restore leaves beside the one in use.
    private static Task<long> OthersAsync(ScriptedStack stack) => stack.ScalarAsync<long>(
        "SELECT count(*) FROM pg_database WHERE starts_with(datname, current_database() || '_') AND datname <> current_database()");

    private static async Task SayAsync(ScriptedStack stack, string name, string line, string other)
    {
        var manifest = Path.Combine(stack.Backups, $"{name}.manifest");
        var text = await File.ReadAllTextAsync(manifest);
        Assert.Contains(line, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace(line, other, StringComparison.Ordinal));
        await SealAsync(stack, name);
    }

    private static Task SealAsync(ScriptedStack stack, string name) => ShellAsync($"cd '{stack.Backups}' && sha256sum {name}.dump {name}.manifest {name}.data.tar.gz {name}.grafana.tar.gz > {name}.sha256");

    private static async Task ShellAsync(string line)
    {
        var said = await Command.RunAsync(["sh", "-c", line], TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True(said.Succeeded, said.Output);
    }

    private static async Task ElsewhereAsync(NpgsqlConnectionStringBuilder database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
