using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>A Docker in which a customer's stack stands and is well, by answers such as the real one gives.</summary>
internal sealed class StandingDocker : IDisposable
{
    private static readonly string[] Services = ["gateway", "portal", "ingest", "web", "grafana", "timescaledb", "backup"];

    private readonly string _root = Directory.CreateTempSubdirectory("tau-test-standing-").FullName;

    public StandingDocker(OutsideWorld world) => World = world;

    public OutsideWorld World { get; }

    public FakeTools Tools { get; } = new();

    public StringWriter Output { get; } = new();

    /// <summary>The stack's directory; there once it was published.</summary>
    public string Folder => Path.Combine(_root, "abc0001");

    public string Beside(string name) => Path.Combine(_root, name);

    public PublishOptions Options => Published.Customer with { Output = Folder, FleetUrl = World.Fleet.ToString() };

    public PublicAddress Address => new(World.Address, null);

    public StackSteps Steps => new(PortalProgram.Repository, Address, Output, TimeProvider.System);

    /// <summary>The lines of Compose so far.</summary>
    public IEnumerable<string> Composed => Tools.Calls.Where(call => call.StartsWith("docker compose ", StringComparison.Ordinal) && !call.Contains("version", StringComparison.Ordinal)).Select(call => call["docker compose ".Length..].Trim());

    public async Task PublishAsync()
    {
        await Published.ToAsync(Folder, Options with { FleetToken = "pft_ABC0001-first-token-of-this-customer" });
        OpenToPlainHttp();
    }

    // The world outside has no certificate.
    public void OpenToPlainHttp()
    {
        var env = EnvFile.Read(Path.Combine(Folder, ".env"));
        env.Set("PUBLIC_SCHEME", "http");
        File.WriteAllText(Path.Combine(Folder, ".env"), env.ToString());
    }

    /// <param name="health">How its api is.</param>
    public StandingDocker Stand(string health = "healthy")
    {
        Tools.WithDocker()
            .Answer("docker", "ps --all *", string.Join('\n', Services))
            .Answer("docker", "inspect *", $"[{string.Join(',', Services.Select(service => Container(service, service == "portal" ? health : "healthy")))}]")
            .Answer("docker", "logs *", """{"@m":"Database connection resolved via POSTGRES_HOST"}""" + "\n" + """{"@m":"Applied migration 'InitialCreate'"}""" + "\n" + """{"@m":"TimescaleDB hypertable for monitoring.PowerMeasurements is ready"}""")
            .Answer("docker", "exec abc0001_portal dotnet *", "200")
            .Answer("docker", "exec * df *", "Filesystem 1024-blocks Used Available Capacity Mounted\n/dev/a 1000000 300000 700000 30% /data")
            .Script("docker", "exec --interactive abc0001_timescale *", """case "$(cat)" in *FleetPush*) n=$(date +%s); echo "$n|$n|f|0|0||0||$n|" ;; *Backups*) echo "$(date +%s)||$(date +%s)" ;; *) echo "16.4|2.17.2|90 MB" ;; esac""");
        return this;
    }

    public async Task<StackHost> HostAsync(DeployedStack stack) => await StackHost.FindAsync(stack, Tools.Box, TimeProvider.System, CancellationToken.None);

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        Tools.Dispose();
        Output.Dispose();
    }

    private static string Container(string service, string health) =>
        $$"""
        { "RestartCount": 0, "Config": { "Image": "tau-acuvim-portal-{{service}}:0.1.0", "Labels": { "com.docker.compose.service": "{{service}}" } },
          "State": { "Status": "running", "ExitCode": 0, "Health": { "Status": "{{health}}" } } }
        """;
}
