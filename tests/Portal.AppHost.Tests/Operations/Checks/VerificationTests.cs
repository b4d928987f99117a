using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Tests.Operations.Deployment;

namespace Portal.AppHost.Tests.Operations.Checks;

/// <summary>What <c>./portal verify</c> sees, and what it says to do.</summary>
public sealed class VerificationTests : IAsyncLifetime, IDisposable
{
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
    public async Task A_stack_that_is_well_has_a_line_for_each_check()
    {
        _docker.Stand();

        Assert.True(await RunAsync(), _docker.Output.ToString());

        var said = _docker.Output.ToString();
        foreach (var line in (string[])
        [
            "ok     api              running, healthy, tau-acuvim-portal-portal:0.1.0", "ok     /health inside   200", "ok     /health/ready inside 200",
            "ok     start of api     Database connection resolved via POSTGRES_HOST; 1 migrations applied, the last: Applied migration 'InitialCreate'; TimescaleDB hypertable for monitoring.PowerMeasurements is ready; an admin was there already",
            "ok     /health outside  http://abc0001.portal.example.com/health: 200 Healthy", "ok     database         PostgreSQL 16.4, TimescaleDB 2.17.2, 90 MB", "ok     backup           made ", "ok     fleet push       last accepted ",
            "ok     disk grafana-data 0.7 of 1.0 GiB free",
        ])
            Assert.Contains(line, said, StringComparison.Ordinal);
        Assert.Contains("checks are good.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec --interactive abc0001_timescale *", """case "$(cat)" in *FleetPush*) n=$(date +%s); echo "$n|$n|t|0|12|$n|0||$n|401 unknown token" ;; *Backups*) echo "$(date +%s)||1" ;; *) echo "16|2|9" ;; esac""", "fleet push", "./portal rotate fleet-token")]
    [InlineData("exec --interactive abc0001_timescale *", """case "$(cat)" in *FleetPush*) echo "1000000|1000000|f|0|0||0|||" ;; *Backups*) echo "$(date +%s)||1" ;; *) echo "16|2|9" ;; esac""", "fleet push", "reachable from here")]
    [InlineData("exec --interactive abc0001_timescale *", """case "$(cat)" in *FleetPush*) n=$(date +%s); echo "$n|$n|f|0|0||3|1000000|$n|" ;; *Backups*) echo "$(date +%s)||1" ;; *) echo "16|2|9" ;; esac""", "fleet push", "3 open differences")]
    [InlineData("exec --interactive abc0001_timescale *", """case "$(cat)" in *FleetPush*) n=$(date +%s); echo "$n|$n|f|0|0||0||$n|" ;; *Backups*) echo "1000000||1" ;; *) echo "16|2|9" ;; esac""", "backup", "./portal backup --directory")]
    [InlineData("exec --interactive abc0001_timescale *", "echo 'connection refused' >&2; exit 2", "database", "connection refused")]
    [InlineData("logs *", """echo '{"@m":"Database connection resolved via X"}'; echo "{\"@m\":\"Failed to apply migration 'AddBackups': out of disk\"}" """, "start of api", "go back to the version before")]
    [InlineData("exec * df *", "echo h; echo '/dev/a 1000000 990000 10000 99% /data'", "disk grafana-data", "a full disk stops the database")]
    [InlineData("exec abc0001_portal dotnet *", "echo 503; exit 1", "/health/ready inside", "docker logs --tail 100 abc0001_portal")]
    public async Task What_is_wrong_fails_by_itself_and_says_what_to_do(string call, string answer, string subject, string next)
    {
        _docker.Tools.Script("docker", call, answer);
        _docker.Stand();

        Assert.False(await RunAsync());

        var lines = _docker.Output.ToString().Split('\n');
        var at = Array.FindIndex(lines, line => line.StartsWith($"FAILED {subject}", StringComparison.Ordinal));
        Assert.True(at >= 0, _docker.Output.ToString());
        Assert.Contains(next, $"{lines[at]}\n{lines[at + 1]}", StringComparison.Ordinal);
        Assert.Matches($"^ABC0001: [12] of [0-9]+ checks failed: .*{subject}", lines[^2]);
    }

    [Fact]
    public async Task A_later_start_that_is_no_longer_in_the_log_is_no_failure()
    {
        _docker.Tools.Script("docker", "logs *", """echo '{"@m":"Accepted 12 rows"}'""");
        _docker.Stand();

        Assert.True(await RunAsync(), _docker.Output.ToString());

        Assert.Contains("start of api     longer ago than the last 1 lines of its log", _docker.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_name_that_leads_nowhere_is_told_from_a_stack_that_is_down()
    {
        var env = EnvFile.Read(Path.Combine(_docker.Folder, ".env"));
        env.Set("CUSTOMER_HOST", "abc0001.invalid");
        File.WriteAllText(Path.Combine(_docker.Folder, ".env"), env.ToString());
        _docker.Stand();

        Assert.False(await RunAsync(new PublicAddress(null, null)));

        Assert.Contains($"abc0001.invalid leads nowhere from this host: make its DNS record, or ask the edge itself: ./portal verify --directory {_docker.Folder} --resolve ADDRESS", _docker.Output.ToString(), StringComparison.Ordinal);
    }

    private async Task<bool> RunAsync(PublicAddress? address = null)
    {
        var stack = DeployedStack.Open(_docker.Folder);
        return await new Verification(stack, await _docker.HostAsync(stack), address ?? _docker.Address, TimeProvider.System).RunAsync(_docker.Output, CancellationToken.None);
    }
}
