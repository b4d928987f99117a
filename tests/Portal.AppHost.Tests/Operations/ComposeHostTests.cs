using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations;

/// <summary>What is said to Docker and Compose, by a Docker that writes it down.</summary>
public sealed class ComposeHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-compose-").FullName;
    private readonly FakeTools _tools = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _tools.Dispose();
    }

    [Fact]
    public async Task A_host_without_docker_or_whose_docker_is_down_or_without_compose_says_so()
    {
        var stack = await StackAsync();
        async Task<string> Refused() => (await Assert.ThrowsAsync<UsageException>(() => StackHost.FindAsync(stack, _tools.Alone, TimeProvider.System, CancellationToken.None))).Message;

        Assert.Contains("docker was not found on PATH; nothing was changed", await Refused(), StringComparison.Ordinal);
        using (var down = new FakeTools())
        {
            down.Answer("docker", "version *", exitCode: 1, error: "Cannot connect to the Docker daemon");
            Assert.Contains("Cannot connect to the Docker daemon", (await Assert.ThrowsAsync<UsageException>(() => StackHost.FindAsync(stack, down.Box, TimeProvider.System, CancellationToken.None))).Message, StringComparison.Ordinal);
        }

        // The shell's own builtins do for this one, which has nothing else on its PATH.
        _tools.Script("docker", "version *", "exit 0").Script("docker", "compose version", "exit 1");
        Assert.Contains("Neither docker compose nor docker-compose was found; nothing was changed", await Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_is_asked_in_the_directory_and_sees_no_variable_of_ours_that_env_has()
    {
        var host = await HostAsync();
        File.AppendAllText(Path.Combine(_folder, ".env"), "HOME=/from/env\n");
        _tools.Script("docker", "compose up *", $"echo \"$PWD ${{HOME-none}} ${{COMPOSE_FILE-none}}\" >{_tools.Note("seen")}");
        _tools.Answer("docker", "compose stop ingest portal").Answer("docker", "compose start ingest portal");

        await host.UpAsync(CancellationToken.None);
        await host.UpAsync(CancellationToken.None, "api", "grafana");
        await host.StopAsync(CancellationToken.None, "ingest", "api");
        await host.StartAsync(CancellationToken.None, "ingest", "api");

        Assert.Equal($"{_folder} none none\n", File.ReadAllText(_tools.Note("seen")));
        Assert.Equal(
            ["docker compose up --detach --remove-orphans ", "docker compose up --detach --no-deps portal grafana ", "docker compose stop ingest portal ", "docker compose start ingest portal "],
            _tools.Calls.Skip(2));
    }

    [Fact]
    public async Task An_older_compose_is_used_where_there_is_no_newer_one()
    {
        _tools.Answer("docker", "version *").Answer("docker", "compose version", exitCode: 1).Answer("docker-compose", "up --detach --remove-orphans");
        var host = await StackHost.FindAsync(await StackAsync(), _tools.Box, TimeProvider.System, CancellationToken.None);

        await host.UpAsync(CancellationToken.None);

        Assert.Equal(("docker-compose", "docker-compose up --detach --remove-orphans "), (host.Name, _tools.Calls[^1]));
    }

    [Fact]
    public async Task A_secret_of_a_command_is_in_its_environment_and_not_in_its_arguments()
    {
        var host = await HostAsync();
        _tools.Script("docker", "exec *", $"echo \"$NEW_PASSWORD\" >{_tools.Note("seen")}; cat >>{_tools.Note("seen")}");

        var answer = await host.RunAsync(
            new("timescaledb", ["psql", "-f", "-"]) { Environment = new Dictionary<string, string> { ["NEW_PASSWORD"] = "hush-hush" }, Input = new MemoryStream("SELECT 1"u8.ToArray()) },
            CancellationToken.None);

        Assert.True(answer.Succeeded, answer.Said);
        Assert.Equal("docker exec --interactive --env NEW_PASSWORD abc0001_timescale psql -f - ", _tools.Calls[^1]);
        Assert.Equal("hush-hush\nSELECT 1", File.ReadAllText(_tools.Note("seen")));
    }

    [Fact]
    public async Task Files_go_in_and_out_byte_by_byte()
    {
        var host = await HostAsync();
        var bytes = new byte[300_000];
        new Random(7).NextBytes(bytes);
        _tools.Script("docker", "exec --interactive abc0001_backup sh -c *", $"cat >{_tools.Note("there")}").Script("docker", "exec abc0001_backup cat *", $"cat {_tools.Note("there")}");

        await host.CopyInAsync("backup", new MemoryStream(bytes), "/var/tmp/x.dump", CancellationToken.None);
        using var back = new MemoryStream();
        await host.RunAsync(new("backup", ["cat", "/var/tmp/x.dump"]) { Output = back }, CancellationToken.None);

        Assert.Equal(bytes, back.ToArray());
    }

    [Fact]
    public async Task How_services_are_is_told_of_each_also_of_those_without_a_container()
    {
        var host = await HostAsync();
        _tools.Answer("docker", "ps --all --quiet --filter label=com.docker.compose.project=abc0001", "aa\nbb\ncc").Answer("docker", "inspect aa bb cc", Containers);

        var status = (await host.StatusAsync(CancellationToken.None)).ToDictionary(one => one.Service);

        Assert.Equal(new("api", true, true, "running, healthy", "portal-api:1", 0), status["api"]);
        Assert.Equal(new("ingest", true, false, "running, unhealthy, started again 4 times", "portal-ingest:1", 4), status["ingest"]);
        Assert.Equal(new("timescaledb", false, false, "exited with code 137", "timescale:2", 0), status["timescaledb"]);
        Assert.Equal(new("web", false, false, "has no container", "", 0), status["web"]);
    }

    [Fact]
    public async Task A_tool_that_fails_says_why_without_a_secret()
    {
        var host = await HostAsync();
        var secret = EnvFile.Read(Path.Combine(_folder, ".env"))["POSTGRES_PASSWORD"]!;
        _tools.Answer("docker", "compose up *", exitCode: 14, error: $"no such image, and {secret} is the password");

        var failed = await Assert.ThrowsAsync<StepFailedException>(() => host.UpAsync(CancellationToken.None));

        Assert.Equal("docker compose up --detach --remove-orphans: exit code 14.\nno such image, and (secret) is the password", failed.Message);
    }

    [Fact]
    public async Task Removing_takes_what_earlier_versions_left_as_well()
    {
        var host = await HostAsync();
        _tools.Answer("docker", "compose down --volumes --remove-orphans --timeout 60");
        _tools.Script("docker", "container ls *", "true").Script("docker", "network ls *", "true").Script("docker", "volume ls *", "echo abc0001_forgotten").Answer("docker", "volume rm abc0001_forgotten");

        await host.RemoveAsync(CancellationToken.None);

        Assert.Contains("docker volume rm abc0001_forgotten ", _tools.Calls);
        Assert.All(_tools.Calls.Where(call => call.Contains(" ls ", StringComparison.Ordinal)), call => Assert.Contains("--filter label=com.docker.compose.project=abc0001 ", call, StringComparison.Ordinal));
        Assert.Equal(["volume abc0001_forgotten"], await host.LeftAsync(CancellationToken.None));
    }

    private async Task<DeployedStack> StackAsync()
    {
        await Published.ToAsync(_folder, Published.Customer);
        return DeployedStack.Open(_folder);
    }

    private async Task<StackHost> HostAsync() => await StackHost.FindAsync(await StackAsync(), _tools.WithDocker().Box, TimeProvider.System, CancellationToken.None);

    private const string Containers =
        """
        [{"Config":{"Image":"portal-api:1","Labels":{"com.docker.compose.service":"portal"}},"RestartCount":0,"State":{"Status":"running","ExitCode":0,"Health":{"Status":"healthy"}}},
         {"Config":{"Image":"portal-ingest:1","Labels":{"com.docker.compose.service":"ingest"}},"RestartCount":4,"State":{"Status":"running","ExitCode":0,"Health":{"Status":"unhealthy"}}},
         {"Config":{"Image":"timescale:2","Labels":{"com.docker.compose.service":"timescaledb"}},"RestartCount":0,"State":{"Status":"exited","ExitCode":137}}]
        """;
}
