using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Operations.Rotation;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>From a customer's code to a running stack, also when it takes more than one try.</summary>
public sealed class ProvisioningTests : IAsyncLifetime, IDisposable
{
    private static readonly Consent Yes = new() { Given = "yes" };
    private static readonly Credentials Operator = new("ops@example.com", "operator's", null);

    private OutsideWorld _world = null!;
    private StandingDocker _docker = null!;

    public async Task InitializeAsync()
    {
        _world = await OutsideWorld.StartAsync();
        _docker = new(_world);
        _docker.Stand();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    public void Dispose() => _docker.Dispose();

    [Fact]
    public async Task A_customer_is_published_registered_started_routed_and_verified()
    {
        await Published.ToAsync(_docker.Beside("edge"), Published.Cases["compose-edge"]);
        _docker.Tools.Answer("docker", "network inspect portal-edge", exitCode: 1).Answer("docker", "network create --subnet 172.30.0.0/24 portal-edge");
        // The manifests are there when it is started: from then on it is asked without TLS.
        _docker.Tools.Script("docker", "compose up --no-start *", $"echo PUBLIC_SCHEME=http >>{_docker.Folder}/.env").Answer("docker", "compose up --detach --remove-orphans");

        var exitCode = await RunAsync(edge: _docker.Beside("edge"));

        var said = _docker.Output.ToString();
        Assert.True(exitCode == 0, said);
        Assert.Equal(["POST /api/fleet/customers"], _world.Asked);
        var token = Path.Combine(_docker.Folder, "secrets/fleet-token");
        Assert.Equal(_world.Tokens["ABC0001"], File.ReadAllText(token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));
        Assert.Equal(File.ReadAllText(Path.Combine(_docker.Folder, "edge/abc0001.json")), File.ReadAllText(Path.Combine(_docker.Beside("edge"), "gateway/stacks/abc0001.json")));
        Assert.Equal(["up --no-start --no-recreate", "up --detach --remove-orphans"], _docker.Composed);
        Assert.Contains("docker network create --subnet 172.30.0.0/24 portal-edge ", _docker.Tools.Calls);
        Assert.Contains("ABC0001: all ", said, StringComparison.Ordinal);
        foreach (var secret in DeployedStack.Open(_docker.Folder).Variables.Values.Where(variable => variable.Name.EndsWith("assword", StringComparison.OrdinalIgnoreCase)).Select(variable => variable.Value).Append(_world.Tokens["ABC0001"]).Append(Operator.Password))
            Assert.DoesNotContain(secret, said + string.Join('\n', _docker.Tools.Calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_try_goes_on_with_the_secrets_and_the_token_of_the_first()
    {
        _docker.Tools.Answer("docker", "network inspect portal-edge").Script("docker", "compose up --no-start *", $"[ -f {_docker.Tools.Note("mended")} ]").Answer("docker", "compose up --detach --remove-orphans");
        Assert.Equal(1, await RunAsync());
        Assert.Contains("4. Start it: failed", _docker.Output.ToString(), StringComparison.Ordinal);
        _docker.OpenToPlainHttp();
        var env = File.ReadAllText(Path.Combine(_docker.Folder, ".env"));
        File.WriteAllText(_docker.Tools.Note("mended"), "");

        Assert.True(await RunAsync() == 0, _docker.Output.ToString());

        Assert.Equal(["POST /api/fleet/customers"], _world.Asked);
        Assert.Contains("done. It was registered already, with the token that is here.", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(env, File.ReadAllText(Path.Combine(_docker.Folder, ".env")));
    }

    [Fact]
    public async Task A_customer_whose_token_is_elsewhere_is_left_alone_and_it_is_said_how_to_go_on()
    {
        _world.Tokens["ABC0001"] = "pft_elsewhere-token-of-somebody";

        Assert.Equal(1, await RunAsync());

        Assert.Empty(_world.Asked);
        Assert.Contains($"say --new-token as well: it gets another one, and the one in force is refused from then on. Or write the one in force to {_docker.Folder}/secrets/fleet-token.", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_docker.Folder, "secrets/fleet-token")));
        Assert.Empty(_docker.Composed);
    }

    [Fact]
    public async Task A_customer_whose_token_is_lost_gets_a_new_one_where_that_is_asked_for()
    {
        _world.Tokens["ABC0001"] = "pft_elsewhere-token-of-somebody";
        _docker.Tools.Answer("docker", "network inspect portal-edge").Script("docker", "compose up --no-start *", $"echo PUBLIC_SCHEME=http >>{_docker.Folder}/.env").Answer("docker", "compose up --detach --remove-orphans");

        Assert.True(await RunAsync(newToken: true) == 0, _docker.Output.ToString());

        Assert.Equal(["POST /api/fleet/customers/1/rotate-token"], _world.Asked);
        Assert.Equal(_world.Tokens["ABC0001"], File.ReadAllText(Path.Combine(_docker.Folder, "secrets/fleet-token")));
        Assert.Contains("It was registered already; its new token is in secrets/fleet-token.", _docker.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_first_tries_at_once_make_one_stack()
    {
        Directory.CreateDirectory(_docker.Folder);
        using (StackLock.Take(_docker.Folder))
        {
            Assert.Equal(1, await RunAsync());
        }

        Assert.Contains($"Another ./portal works on {_docker.Folder}", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal([StackLock.FileName], Directory.EnumerateFileSystemEntries(_docker.Folder).Select(Path.GetFileName));
        Assert.Empty(_world.Asked);
    }

    [Fact]
    public async Task A_wrong_password_of_the_operator_starts_nothing()
    {
        Assert.Equal(1, await RunAsync(Operator with { Password = "guessed" }));

        Assert.Contains("does not let ops@example.com in: 401", _docker.Output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_docker.Composed);
    }

    private async Task<int> RunAsync(Credentials? who = null, string? edge = null, bool newToken = false)
    {
        var host = await _docker.HostAsync(DeployedStack.Of(_docker.Options));
        var fleet = new FleetCustomer(_world.Fleet, who ?? Operator, _docker.Address) { NewToken = newToken };
        using var provisioning = new Provisioning(_docker.Options, host, _docker.Tools.Box, _docker.Steps);
        return await provisioning.PlanOf(fleet, "Acme", edge).RunAsync(Yes, _docker.Output, CancellationToken.None);
    }
}
