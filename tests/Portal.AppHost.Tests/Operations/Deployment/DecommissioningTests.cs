using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Operations.Rotation;
using Portal.AppHost.Tests.Manifests;
using Portal.Testing;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>The end of a stack: nothing is left, and nothing else is touched.</summary>
public sealed class DecommissioningTests : IAsyncLifetime, IDisposable
{
    private static readonly Consent Confirmed = new() { Word = "ABC0001", Given = "ABC0001", Option = "--confirm" };
    private static readonly Credentials Operator = new("ops@example.com", "operator's", null);

    private OutsideWorld _world = null!;
    private StandingDocker _docker = null!;

    public async Task InitializeAsync()
    {
        _world = await OutsideWorld.StartAsync();
        _world.Tokens["XYZ0002"] = "pft_XYZ0002-first-token-of-this-customer";
        _world.Tokens["ABC0001"] = "pft_ABC0001-first-token-of-this-customer";
        _docker = new(_world);
        await _docker.PublishAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    public void Dispose() => _docker.Dispose();

    [Fact]
    public async Task Containers_volumes_route_fleet_and_directory_go_and_others_stay()
    {
        await Published.ToAsync(_docker.Beside("edge"), Published.Cases["compose-edge"]);
        foreach (var name in (string[])["abc0001", "xyz0002"]) File.WriteAllText(Path.Combine(_docker.Beside("edge"), $"gateway/stacks/{name}.json"), "{}");
        _docker.Stand().Tools.Answer("docker", "compose down *").Script("docker", "* ls *", "true");
        // A link in a folder that isn't root's leads out of the directory.
        File.WriteAllText(_docker.Beside("precious"), "kept");
        File.CreateSymbolicLink(Path.Combine(_docker.Folder, "secrets/link"), _docker.Beside(""));

        Assert.True(await RunAsync(new(null, Fleet, _docker.Beside("edge"))) == 0, _docker.Output.ToString());

        Assert.False(Directory.Exists(_docker.Folder));
        Assert.Equal("kept", File.ReadAllText(_docker.Beside("precious")));
        Assert.Equal(["xyz0002.json"], Directory.EnumerateFiles(Path.Combine(_docker.Beside("edge"), "gateway/stacks")).Select(Path.GetFileName));
        Assert.Equal(["DELETE /api/fleet/customers/2"], _world.Asked);
        Assert.Equal(["XYZ0002"], _world.Tokens.Keys);
        Assert.Equal(["down --volumes --remove-orphans --timeout 60"], _docker.Composed);
    }

    [Fact]
    public async Task Another_code_changes_nothing()
    {
        _docker.Stand();

        await Assert.ThrowsAsync<UsageException>(() => RunAsync(new(null, Fleet, null), Confirmed with { Given = "XYZ0002" }));
        await Assert.ThrowsAsync<UsageException>(() => RunAsync(new(null, Fleet, null), Confirmed with { Given = "yes" }));

        Assert.True(Directory.Exists(_docker.Folder));
        Assert.Empty(_docker.Composed);
        Assert.Empty(_world.Asked);
    }

    [Fact]
    public async Task A_directory_with_something_else_in_it_is_not_begun()
    {
        _docker.Stand();
        await Published.ToAsync(Path.Combine(_docker.Folder, "xyz0002"), Published.Customer with { Name = "xyz0002" });

        var refused = await Assert.ThrowsAsync<UsageException>(() => RunAsync(new(null, null, null)));

        Assert.Contains("holds what is not the stack's: xyz0002. Nothing was changed", refused.Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(_docker.Folder, "xyz0002"), recursive: true);
        var inside = await Assert.ThrowsAsync<UsageException>(() => RunAsync(new(Path.Combine(_docker.Folder, "secrets"), null, null)));
        Assert.Contains("is inside the stack's directory", inside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_with_another_token_is_not_deleted_and_the_directory_stays()
    {
        _world.Tokens["ABC0001"] = "pft_other-customer-of-the-same-code";
        _docker.Stand().Tools.Answer("docker", "compose down *").Script("docker", "* ls *", "true");

        Assert.Equal(1, await RunAsync(new(null, Fleet, null)));

        Assert.Empty(_world.Asked);
        Assert.True(Directory.Exists(_docker.Folder));
        Assert.Contains("it may be another's", _docker.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_try_after_the_containers_are_gone_makes_no_backup_and_ends_the_rest()
    {
        _docker.Stand().Tools.Answer("docker", "compose down *").Script("docker", "* ls *", "true");
        _world.Tokens.Remove("ABC0001");

        Assert.True(await RunAsync(new(_docker.Beside("last"), Fleet, null)) == 0, _docker.Output.ToString());

        Assert.False(Directory.Exists(_docker.Folder));
        Assert.Contains("compare the checksums: done. Its containers are gone already.", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("done. It is not known there.", _docker.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_ends_it_before_the_fleet_and_the_directory()
    {
        _docker.Stand().Tools.Answer("docker", "compose down *").Script("docker", "volume rm *", "true").Script("docker", "volume ls *", "echo abc0001_timescale-data").Script("docker", "* ls *", "true");

        Assert.Equal(1, await RunAsync(new(null, Fleet, null)));

        Assert.Contains("Still there: volume abc0001_timescale-data.", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("ABC0001", _world.Tokens.Keys);
        Assert.True(Directory.Exists(_docker.Folder));
    }

    [PostgresFact]
    public async Task The_last_backup_is_elsewhere_and_whole_before_anything_goes()
    {
        using var scripted = await ScriptedDocker.StartAsync();
        scripted.Tools.Script("docker", "container ls *", "echo abc0001_portal").Script("docker", "* ls *", "true").Answer("docker", "compose down *", exitCode: 1, error: "not today").Answer("docker", "compose stop gateway");
        var (stack, to) = (scripted.Stack, _docker.Beside("last"));

        var exitCode = await new Decommissioning(stack, await scripted.HostAsync(), scripted.Tools.Box).PlanOf(new(to, null, null)).RunAsync(Confirmed, _docker.Output, CancellationToken.None);

        Assert.Equal(1, exitCode);
        Assert.Equal(["stop gateway", "down --volumes --remove-orphans --timeout 60"], scripted.Composed);
        Assert.Equal(5, Directory.EnumerateFiles(to).Count());
        Assert.Contains(".dump and 4 files beside it.", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.True(Directory.Exists(scripted.Folder));
    }

    private FleetCustomer Fleet => new(_world.Fleet, Operator, _docker.Address);

    private async Task<int> RunAsync(Ending ending, Consent? consent = null)
    {
        var stack = DeployedStack.Open(_docker.Folder);
        return await new Decommissioning(stack, await _docker.HostAsync(stack), _docker.Tools.Box).PlanOf(ending).RunAsync(consent ?? Confirmed, _docker.Output, CancellationToken.None);
    }
}
