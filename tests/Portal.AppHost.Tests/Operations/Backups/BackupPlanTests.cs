using Portal.AppHost.CommandLine;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Backups;
using Portal.Testing;

namespace Portal.AppHost.Tests.Operations.Backups;

/// <summary>Backing up a stack whose scripts run with a real database.</summary>
public sealed class BackupPlanTests : IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };

    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [PostgresFact]
    public async Task A_backup_is_made_checked_and_copied_to_a_folder_that_nobody_else_may_read()
    {
        using var docker = await ScriptedDocker.StartAsync();
        var (backups, to) = (new StackBackups(docker.Stack, await docker.HostAsync()), Path.Combine(docker.Folder, "copies"));

        Assert.Equal(0, await BackupCommand.PlanOf(docker.Stack, await docker.HostAsync(), backups, to).RunAsync(Yes, _output, CancellationToken.None));

        var kept = Assert.Single(await backups.ListAsync(CancellationToken.None));
        Assert.Equal("0.1.0", kept.Version);
        Assert.Contains($"{kept.Name}: 1,000 measurements.", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            StackBackups.Parts.Select(part => kept.Name + part).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(to).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(to), file =>
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(docker.Scripted.Backups, Path.GetFileName(file))), File.ReadAllBytes(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
        Assert.Equal(1000, BackupFolder.Open(Path.Combine(to, $"{kept.Name}.dump")).Manifest().Measurements);
    }

    [PostgresFact]
    public async Task A_copy_that_does_not_arrive_whole_is_said_and_not_left_there()
    {
        using var docker = await ScriptedDocker.StartAsync();
        var host = await docker.HostAsync();
        var (backups, to) = (new StackBackups(docker.Stack, host), Path.Combine(docker.Folder, "copies"));
        var name = await docker.Scripted.BackUpAsync();
        await File.AppendAllTextAsync(Path.Combine(docker.Scripted.Backups, $"{name}.dump"), "cut on the way");

        var failed = await Assert.ThrowsAsync<StepFailedException>(() => BackupFolder.CopyAsync(backups, name, to, CancellationToken.None));

        Assert.Contains($"{name}.dump did not arrive as it is in the stack", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(to), file => file.Contains(".dump", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc0001-20261125T013000Z", true)]
    [InlineData("abc0001-20261125T013000Z.dump", false)]
    [InlineData("../abc0001-20261125T013000Z", false)]
    [InlineData("abc0001-20261125T013000Z\n", false)]
    [InlineData("abc0001-20261125T013000Z;id", false)]
    [InlineData("--help", false)]
    public void Only_a_backups_name_gets_to_the_scripts(string text, bool is_one) => Assert.Equal(is_one, StackBackups.IsName(text));

    [Fact]
    public void A_manifest_of_another_form_is_said_to_be_one() =>
        Assert.Contains("format 2", Assert.Throws<FormatException>(() => BackupManifest.Parse("format 2\nstack abc0001\n")).Message, StringComparison.Ordinal);
}
