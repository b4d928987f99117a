using System.Text;
using Npgsql;
using Portal.AppHost.Local;
using Portal.Testing;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>The backup job's script with a real PostgreSQL.</summary>
public sealed class BackupScriptTests
{
    [PostgresFact]
    public async Task A_backup_is_whole_copied_off_the_host_told_to_the_fleet_and_takes_the_place_of_old_ones()
    {
        using var stack = await ScriptedStack.StartAsync();
        var old = Path.Combine(stack.Backups, "abc0001-20200101T013000Z.dump");
        await File.WriteAllTextAsync(old, "");
        File.SetLastWriteTimeUtc(old, new DateTime(2020, 1, 1, 1, 30, 0, DateTimeKind.Utc));
        Assert.False((await stack.RunAsync("backup.sh", "health")).Succeeded);

        var name = await stack.BackUpAsync();

        Assert.True((await stack.RunAsync("backup.sh", "health")).Succeeded);
        var dump = Assert.Single(Directory.EnumerateFiles(stack.Backups, "*.dump"));
        Assert.Equal("PGDMP", Encoding.ASCII.GetString(await File.ReadAllBytesAsync(dump), 0, 5));
        Assert.Equal(Files(stack.Backups, name), Files(stack.Target, name));
        Assert.All(Files(stack.Backups, name), file => Assert.Equal(File.ReadAllBytes(Path.Combine(stack.Backups, file!)), File.ReadAllBytes(Path.Combine(stack.Target, file!))));
        Assert.Equal(4, (await File.ReadAllLinesAsync(Path.Combine(stack.Target, $"{name}.sha256"))).Length);
        Assert.Equal(name, await stack.ScalarAsync<string>("""SELECT "Details" FROM portal."Backups" WHERE "Ok" """));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(dump));
    }

    [PostgresFact]
    public async Task A_backup_says_what_is_in_it_of_the_moment_of_the_dump()
    {
        using var stack = await ScriptedStack.StartAsync();

        var name = await stack.BackUpAsync();

        var said = await File.ReadAllLinesAsync(Path.Combine(stack.Backups, $"{name}.manifest"));
        Assert.Contains("stack abc0001", said);
        Assert.Contains("version 0.1.0", said);
        Assert.Contains("timescaledb -", said);
        Assert.Contains("migration portal 20260101000000_InitialCreate", said);
        Assert.Contains("rows monitoring.\"PowerMeasurements\" 1000", said);
        Assert.DoesNotContain(said, line => line.Contains("PowerMeasurements_2026", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("ledger 2026-01-01 1 1000 ", StringComparison.Ordinal));
        Assert.StartsWith($"{name} ", (await stack.RunAsync("backup.sh", "list")).Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_backup_that_fails_keeps_the_earlier_ones_and_says_so()
    {
        using var stack = await ScriptedStack.StartAsync();
        await stack.BackUpAsync();
        var before = Directory.EnumerateFileSystemEntries(stack.Backups).Order().ToList();
        stack.Database = new NpgsqlConnectionStringBuilder(stack.Database) { Port = FreePort.Next() }.ConnectionString;

        var said = await stack.RunAsync("backup.sh", "once");

        Assert.False(said.Succeeded);
        Assert.Contains("Backup Failed", said.Output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(stack.Backups).Order());
    }

    [PostgresFact]
    public async Task A_grafana_amid_a_transaction_is_not_copied()
    {
        using var stack = await ScriptedStack.StartAsync();
        var journal = Path.Combine(stack.Grafana, "grafana.db-journal");
        await File.WriteAllTextAsync(journal, "under way");

        var under = stack.RunAsync("backup.sh", "once");
        // Ten tries take most of a minute: it ends in the meantime.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Assert.False(under.IsCompleted);
        File.Delete(journal);

        Assert.True((await under).Succeeded);
        Assert.Single(Directory.EnumerateFiles(stack.Backups, "*.grafana.tar.gz"));
    }

    [PostgresTheory]
    [InlineData(".dump")]
    [InlineData(".manifest")]
    [InlineData(".data.tar.gz")]
    [InlineData(".grafana.tar.gz")]
    public async Task A_backup_of_which_something_is_damaged_or_gone_is_not_taken_for_whole(string part)
    {
        using var stack = await ScriptedStack.StartAsync();
        var name = await stack.BackUpAsync();
        Assert.True((await stack.RunAsync("backup.sh", "check", name)).Succeeded);
        var file = Path.Combine(stack.Backups, name + part);

        await using (var damaged = new FileStream(file, FileMode.Append)) damaged.WriteByte(0);
        var differing = await stack.RunAsync("backup.sh", "check", name);
        File.Delete(file);
        var gone = await stack.RunAsync("backup.sh", "check", name);

        Assert.Equal(1, differing.ExitCode);
        Assert.Contains("a checksum differs", differing.Errors, StringComparison.Ordinal);
        Assert.Equal(1, gone.ExitCode);
    }

    private static IEnumerable<string?> Files(string folder, string name) => Directory.EnumerateFiles(folder, $"{name}.*").Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
