using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations;

/// <summary>
/// A Docker whose containers are this machine: what runs in the service <c>backup</c> runs here, with a real database and folders in place of volumes.
/// </summary>
internal sealed class ScriptedDocker : IDisposable
{
    private static readonly string[] Services = ["gateway", "portal", "ingest", "web", "grafana", "timescaledb", "backup"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-docker-").FullName;

    private ScriptedDocker(ScriptedStack scripted) => Scripted = scripted;

    public ScriptedStack Scripted { get; }

    public FakeTools Tools { get; } = new();

    /// <summary>The stack's directory.</summary>
    public string Folder => _folder;

    public DeployedStack Stack => DeployedStack.Open(_folder);

    /// <summary>The lines of Compose so far.</summary>
    public IEnumerable<string> Composed => Tools.Calls.Where(call => call.StartsWith("docker compose ", StringComparison.Ordinal) && !call.Contains("version", StringComparison.Ordinal)).Select(call => call["docker compose ".Length..].Trim());

    /// <param name="role">Makes the role that the stack's containers use, with the password of its <c>.env</c>; null: they use the test server's own.</param>
    public static async Task<ScriptedDocker> StartAsync(Func<ScriptedDocker, Task<string>>? role = null)
    {
        var docker = new ScriptedDocker(await ScriptedStack.StartAsync());
        await Published.ToAsync(docker._folder, Published.Customer with { FleetUrl = null });
        var database = new NpgsqlConnectionStringBuilder(docker.Scripted.Database);
        if (role is not null) (database.Username, database.Password) = (await role(docker), docker.Stack.Variables["POSTGRES_PASSWORD"]);
        var variables = new Dictionary<string, string>(docker.Scripted.Variables)
        {
            ["PGUSER"] = database.Username!,
            ["PGPASSWORD"] = database.Password ?? "",
            ["PATH"] = $"{PostgresBinaries.Find()}:{Environment.GetEnvironmentVariable("PATH")}",
            ["POSTGRES_USER"] = database.Username!,
            ["POSTGRES_DB"] = database.Database!,
            ["POSTGRES_PASSWORD"] = database.Password ?? "",
        };
        // A value of --env comes before the container's own.
        var environment = string.Concat(variables.Select(variable => $"case \" $given \" in *\" {variable.Key} \"*) ;; *) export {variable.Key}='{variable.Value}' ;; esac\n"));
        docker.Tools.WithDocker()
            .Answer("docker", "ps --all *", string.Join('\n', Services))
            .Answer("docker", "inspect *", $"[{string.Join(',', Services.Select(Container))}]")
            .Script("docker", "exec *", $$"""
                shift; given=
                while :; do case "$1" in --interactive) shift ;; --env) given="$given $2"; shift 2 ;; *) break ;; esac; done
                container=$1; shift
                {{environment}}
                [ "$container" = abc0001_backup ] || [ "$container" = abc0001_timescale ] || exit 1
                case "$2" in /backup/*) script={{PortalProgram.Repository.Root}}/Portal.AppHost/Manifests/Files/${2#/backup/}; shift 2; exec sh "$script" "$@" ;; esac
                exec "$@"
                """);
        return docker;
    }

    /// <summary>Lets Compose take every line that no other answer is for.</summary>
    public ScriptedDocker WithCompose()
    {
        Tools.Answer("docker", "compose *");
        return this;
    }

    public Task<StackHost> HostAsync() => StackHost.FindAsync(Stack, Tools.Box, TimeProvider.System, CancellationToken.None);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Tools.Dispose();
        Scripted.Dispose();
    }

    private static string Container(string service) =>
        $$"""
        { "RestartCount": 0, "Config": { "Image": "x", "Labels": { "com.docker.compose.service": "{{service}}" } },
          "State": { "Status": "running", "ExitCode": 0, "Health": { "Status": "healthy" } } }
        """;
}
