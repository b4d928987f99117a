using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>One stack brought to another version.</summary>
public sealed class StackUpdateTests : IAsyncLifetime, IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };

    private OutsideWorld _world = null!;
    private StandingDocker _docker = null!;

    public async Task InitializeAsync()
    {
        _world = await OutsideWorld.StartAsync();
        _docker = new(_world);
        await _docker.PublishAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    public void Dispose() => _docker.Dispose();

    [Fact]
    public async Task It_is_backed_up_and_its_files_images_and_services_follow()
    {
        Registry();
        _docker.Stand().Tools.Answer("docker", "compose pull --quiet *").Answer("docker", "compose up *");
        Backups();

        Assert.True(await RunAsync("0.2.0", backup: true) == 0, _docker.Output.ToString());

        var stack = DeployedStack.Open(_docker.Folder);
        Assert.Equal(("0.2.0", "0.2.0"), (stack.Variables["PORTAL_VERSION"], PublicationRecord.Read(File.ReadAllText(Path.Combine(_docker.Folder, PublicationRecord.Name))).Version));
        Assert.Equal(["pull --quiet gateway portal ingest web", "up --detach --remove-orphans"], _docker.Composed);
        var said = _docker.Output.ToString();
        Assert.Contains("from 0.1.0 to 0.2.0", said, StringComparison.Ordinal);
        Assert.Contains("  +   \"version\": \"0.2.0\"", said, StringComparison.Ordinal);
        Assert.Contains("1. Back it up: done. abc0001-20260101T013000Z", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_does_not_get_ready_is_said_with_what_runs_and_how_to_go_back()
    {
        _world.Ready = 503;
        _docker.Stand().Tools.Answer("docker", "compose up *");
        Backups();

        Assert.Equal(1, await RunAsync("0.2.0", backup: true));

        var said = _docker.Output.ToString();
        Assert.Contains("Unchanged: The data. The new version runs.", said, StringComparison.Ordinal);
        Assert.Contains($"with the ./portal of 0.1.0, run ./portal update --directory {_docker.Folder} --version 0.1.0 --no-backup. Migrations", said, StringComparison.Ordinal);
        Assert.Contains($"./portal restore --directory {_docker.Folder} --from abc0001-20260101T013000Z does", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_fails_leaves_everything_as_it_was()
    {
        _docker.Stand().Tools.Script("docker", "exec abc0001_backup *", "echo 'disk full' >&2; exit 1");
        var before = Directory.EnumerateFiles(_docker.Folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);

        Assert.Equal(1, await RunAsync("0.2.0", backup: true));

        Assert.Equal(before, Directory.EnumerateFiles(_docker.Folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText));
        Assert.Empty(_docker.Composed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.0 --privileged")]
    [InlineData("1.0\nPOSTGRES_PASSWORD=x")]
    public async Task A_version_that_is_no_tag_is_refused(string version)
    {
        _docker.Stand();

        await Assert.ThrowsAsync<UsageException>(() => RunAsync(version, backup: false));
    }

    private void Registry()
    {
        var env = EnvFile.Read(Path.Combine(_docker.Folder, ".env"));
        env.Set("PORTAL_REGISTRY", "registry.example.com/");
        File.WriteAllText(Path.Combine(_docker.Folder, ".env"), env.ToString());
    }

    private void Backups()
    {
        var kept = _docker.Tools.Note("kept");
        _docker.Tools.Script("docker", "exec abc0001_backup sh /backup/backup.sh list", $"cat {kept} 2>/dev/null; true")
            .Script("docker", "exec abc0001_backup sh /backup/backup.sh once", $"echo 'abc0001-20260101T013000Z 2026-01-01T01:30:00Z 4096 0.1.0' >{kept}")
            .Answer("docker", "exec abc0001_backup sh /backup/backup.sh check *");
    }

    private async Task<int> RunAsync(string version, bool backup)
    {
        var stack = DeployedStack.Open(_docker.Folder);
        var plan = await new StackUpdate(stack, await _docker.HostAsync(stack), _docker.Steps).PlanAsync(version, backup, CancellationToken.None);
        return await plan.RunAsync(Yes, _docker.Output, CancellationToken.None);
    }
}
